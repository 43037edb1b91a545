-- One node's sign of life: keeps its arenas, takes over those that nobody has, and says what has changed since it asked last.
--
-- An arena is a node's for as long as that node lives. Its epoch grows each time it goes to another node, also across a Redis
-- that forgot it: of two who say that an arena is theirs, the one with the higher epoch is right.
--
-- KEYS: nodes, alive, arenas, people, epochs, version.
-- ARGV: the sign as JSON: node, about (what others are to know of it, as text), draining, lease in ms, version (that it knows),
--       people (whether it wants to know how many are where), own (name, epoch and people of each arena that it runs), ended
--       (name and epoch of private ones that it ran), open and private (names that it would take).
-- Returns the version; nodes and arenas, unless it knows that version; people, if it asked for them or something changed.
local nodes, alive, arenas, people, epochs, version = unpack(KEYS)
local sign = cjson.decode(ARGV[1])
local node, changed = sign.node, false

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

redis.call('ZADD', alive, now + sign.lease, node)
if redis.call('HGET', nodes, node) ~= sign.about then
  redis.call('HSET', nodes, node, sign.about)
  changed = true
end
for _, gone in ipairs(redis.call('ZRANGEBYSCORE', alive, '-inf', '(' .. now)) do
  redis.call('ZREM', alive, gone)
  redis.call('HDEL', nodes, gone)
  changed = true
end

local function held(arena)
  local found = redis.call('HGET', arenas, arena)
  return found and cjson.decode(found)
end

local function hold(arena, epoch)
  redis.call('HSET', arenas, arena, cjson.encode({ node = node, epoch = epoch }))
  redis.call('HSET', epochs, arena, epoch)
  changed = true
end

local function forget(arena)
  redis.call('HDEL', arenas, arena)
  redis.call('HDEL', people, arena)
  redis.call('HDEL', epochs, arena)
  changed = true
end

for _, ended in ipairs(sign.ended) do
  local arena, epoch = unpack(ended)
  local known = held(arena)
  if known and known.node == node and known.epoch <= epoch then
    forget(arena)
  end
end

-- What it has by its own account counts when nobody had it later.
for _, own in ipairs(sign.own) do
  local arena, epoch, count = unpack(own)
  local known = held(arena)
  local mine = known and known.node == node
  if not known or known.epoch < epoch then
    hold(arena, epoch)
    mine = true
  end
  if mine then
    redis.call('HSET', people, arena, count)
  end
end

local function each(key, take)
  local flat = redis.call('HGETALL', key)
  for i = 1, #flat, 2 do
    take(flat[i], cjson.decode(flat[i + 1]))
  end
end

-- How many arenas each node has that takes some; private ones come and go.
local function loads()
  local counts = {}
  each(nodes, function(id, about)
    if not about.draining then
      counts[id] = 0
    end
  end)
  each(arenas, function(arena, known)
    if counts[known.node] and not string.find(arena, '-', 1, true) then
      counts[known.node] = counts[known.node] + 1
    end
  end)
  return counts
end

-- The node with the fewest arenas takes the next one.
local function mine_is_the_turn(counts)
  for _, count in pairs(counts) do
    if count < counts[node] then
      return false
    end
  end
  return true
end

local function is_free(known)
  return not known or not redis.call('ZSCORE', alive, known.node)
end

local function take(arena, known)
  local last = tonumber(redis.call('HGET', epochs, arena) or '0')
  hold(arena, math.max(last, known and known.epoch or 0) + 1)
end

if not sign.draining then
  local counts
  for _, arena in ipairs(sign.open) do
    local known = held(arena)
    if is_free(known) then
      counts = counts or loads()
      if mine_is_the_turn(counts) then
        take(arena, known)
        counts[node] = counts[node] + 1
      end
    end
  end
  for _, arena in ipairs(sign.private) do
    local known = held(arena)
    if known and is_free(known) then
      if tonumber(redis.call('HGET', people, arena) or '0') > 0 then
        take(arena, known)
      else
        forget(arena)
      end
    end
  end
end

-- Grows with each change, and is another one than any before it also when Redis forgot it.
local current = redis.call('GET', version)
if changed or not current then
  local micros = time[1] * 1000000 + time[2]
  current = string.format('%.0f', math.max(micros, (tonumber(current) or 0) + 1))
  redis.call('SET', version, current)
end
local news = current ~= sign.version
return {
  current,
  news and redis.call('HGETALL', nodes),
  news and redis.call('HGETALL', arenas),
  (news or sign.people) and redis.call('HGETALL', people),
}
