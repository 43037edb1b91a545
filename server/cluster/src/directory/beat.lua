-- One node's sign of life: keeps its arenas, takes over those that nobody has, and says what has changed since it asked last.
--
-- An arena is a node's for as long as that node lives. Its epoch grows each time it goes to another node, also across a Redis
-- that forgot it: of two who say that an arena is theirs, the one with the higher epoch is right.
--
-- KEYS: nodes, alive, arenas, epochs, changes, people.
-- ARGV: the sign as JSON: node, about (what others are to know of it, as text), draining, lease in ms, version (that it knows, or
--       nothing), own (name and epoch of each arena that it runs), ended (the same of private ones that it ran), open and private
--       (of those that it would take the name, and the highest epoch that it has heard of); then, as text, how many people are in which of its arenas; then 1 if it wants to know that
--       of all nodes.
-- Returns the version; 1 if what follows is all, and not only what changed since the version that it knows; of each node that
--       changed its name and what it says of itself, or nothing if it is gone; the same of each arena and who has it; and of each
--       node how many people are where, if that was asked.
local nodes, alive, arenas, epochs, changes, people = unpack(KEYS)
local sign = cjson.decode(ARGV[1])
local node, changed = sign.node, {}

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

-- When nobody was heard of for so long, nobody could reach us: they play on, and have yet to say so. Until all had the time to,
-- whoever lived then lives. The same holds where our clock is not the one that leases were told by; and none ends later than one
-- that begins now, but one from a Redis whose clock was ahead of ours.
local SILENCE, limit = 1500, now + sign.lease
local newest_lease = redis.call('ZRANGE', alive, -1, -1, 'WITHSCORES')[2]
if newest_lease then
  local last, extended = tonumber(newest_lease) - sign.lease, '(' .. limit
  if math.abs(now - last) > SILENCE then
    extended = last
  end
  for _, id in ipairs(redis.call('ZRANGEBYSCORE', alive, extended, '+inf')) do
    redis.call('ZADD', alive, limit, id)
  end
end

redis.call('ZADD', alive, limit, node)
if redis.call('HGET', nodes, node) ~= sign.about then
  redis.call('HSET', nodes, node, sign.about)
  table.insert(changed, '@' .. node)
end
for _, gone in ipairs(redis.call('ZRANGEBYSCORE', alive, '-inf', '(' .. now)) do
  redis.call('ZREM', alive, gone)
  redis.call('HDEL', nodes, gone)
  table.insert(changed, '@' .. gone)
end

local function held(arena)
  local found = redis.call('HGET', arenas, arena)
  return found and cjson.decode(found)
end

local function hold(arena, epoch)
  redis.call('HSET', arenas, arena, cjson.encode({ node = node, epoch = epoch }))
  redis.call('HSET', epochs, arena, epoch)
  table.insert(changed, arena)
end

local function forget(arena)
  redis.call('HDEL', arenas, arena)
  redis.call('HDEL', epochs, arena)
  table.insert(changed, arena)
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
  local arena, epoch = unpack(own)
  local known = held(arena)
  if not known or known.epoch < epoch then
    hold(arena, epoch)
  end
end
redis.call('SET', people .. node, ARGV[2], 'EX', 600)

-- How many people are in an arena, as its node said last.
local function people_of(arena, id)
  local said = redis.call('GET', people .. id)
  return said and cjson.decode(said)[arena] or 0
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

local function take(arena, known, seen)
  local last = tonumber(redis.call('HGET', epochs, arena) or '0')
  hold(arena, math.max(last, seen, known and known.epoch or 0) + 1)
end

-- It went to another node, in writes that were lost when Redis was failed over, and that node has not said so: it is gone.
local function is_stale(known, seen)
  return known and known.node == node and known.epoch < seen
end

if not sign.draining then
  local counts
  for _, free in ipairs(sign.open) do
    local arena, seen = unpack(free)
    local known = held(arena)
    if is_stale(known, seen) then
      take(arena, known, seen)
    elseif is_free(known) then
      counts = counts or loads()
      if mine_is_the_turn(counts) then
        take(arena, known, seen)
        counts[node] = counts[node] + 1
      end
    end
  end
  for _, free in ipairs(sign.private) do
    local arena, seen = unpack(free)
    local known = held(arena)
    if known and (is_free(known) or is_stale(known, seen)) then
      if people_of(arena, known.node) > 0 then
        take(arena, known, seen)
      else
        forget(arena)
      end
    end
  end
end

-- Versions grow with each change, and are other ones than any before also when Redis forgot them: the time in microseconds, or
-- more. Of each name the last change is kept, and of as many names as below; who knows nothing later is told all.
local KEPT = 10000
local newest = redis.call('ZRANGE', changes, -1, -1, 'WITHSCORES')[2]
if #changed > 0 or not newest then
  newest = math.max(time[1] * 1000000 + time[2], (tonumber(newest) or 0) + 1)
  for _, name in ipairs(changed) do
    redis.call('ZADD', changes, string.format('%.0f', newest), name)
  end
  redis.call('ZREMRANGEBYRANK', changes, 0, -KEPT - 1)
end
local oldest = tonumber(redis.call('ZRANGE', changes, 0, 0, 'WITHSCORES')[2])
newest = tonumber(newest)

local known = tonumber(sign.version)
local all = not known or known < oldest or known > newest
local told_nodes, told_arenas = {}, {}
if all then
  told_nodes, told_arenas = redis.call('HGETALL', nodes), redis.call('HGETALL', arenas)
else
  for _, name in ipairs(redis.call('ZRANGEBYSCORE', changes, '(' .. string.format('%.0f', known), '+inf')) do
    if string.sub(name, 1, 1) == '@' then
      local id = string.sub(name, 2)
      table.insert(told_nodes, id)
      table.insert(told_nodes, redis.call('HGET', nodes, id) or '')
    else
      table.insert(told_arenas, name)
      table.insert(told_arenas, redis.call('HGET', arenas, name) or '')
    end
  end
end

local told_people = false
if ARGV[3] == '1' then
  told_people = {}
  for _, id in ipairs(redis.call('HKEYS', nodes)) do
    table.insert(told_people, id)
    table.insert(told_people, redis.call('GET', people .. id) or '')
  end
end
return { string.format('%.0f', newest), all and 1 or 0, told_nodes, told_arenas, told_people }
