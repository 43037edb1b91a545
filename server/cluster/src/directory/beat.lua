-- One node's sign of life: keeps its arenas, takes over those that nobody has, and says who has which.
--
-- An arena's epoch grows each time it goes to another node, also across a Redis that forgot it: of two who say that an arena
-- is theirs, the one with the higher epoch is right.
--
-- KEYS: nodes, arenas, epochs.
-- ARGV: node, its address, 1 while it drains, the lease in ms, how many arenas it has, of each its name, its epoch and how
--       many people are in it, then the names of those that it would take.
-- Returns the nodes that live and the arenas that somebody has, as JSON.
local nodes, arenas, epochs = KEYS[1], KEYS[2], KEYS[3]
local node, url, draining, lease, count = ARGV[1], ARGV[2], ARGV[3] == '1', tonumber(ARGV[4]), tonumber(ARGV[5])

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

-- A node that is gone is forgotten after a while.
local FORGOTTEN = 600000

local function all(key)
  local found, flat = {}, redis.call('HGETALL', key)
  for i = 1, #flat, 2 do
    found[flat[i]] = cjson.decode(flat[i + 1])
  end
  return found
end

redis.call('HSET', nodes, node, cjson.encode({ url = url, till = now + lease, draining = draining }))
local live = {}
for id, other in pairs(all(nodes)) do
  if other.till >= now then
    live[id] = other
    other.arenas = 0
  elseif other.till + FORGOTTEN < now then
    redis.call('HDEL', nodes, id)
  end
end

local people = {}

local function hold(held, arena, epoch)
  held[arena] = { node = node, epoch = epoch, till = now + lease, people = people[arena] or 0 }
  redis.call('HSET', arenas, arena, cjson.encode(held[arena]))
  redis.call('HSET', epochs, arena, epoch)
end

local held = all(arenas)

-- What it has by its own account counts when nobody had it later.
for i = 6, 3 + 3 * count, 3 do
  local arena, epoch = ARGV[i], tonumber(ARGV[i + 1])
  local known = held[arena]
  people[arena] = tonumber(ARGV[i + 2])
  if not known or known.epoch < epoch then
    hold(held, arena, epoch)
  end
end

for arena, known in pairs(held) do
  if known.node == node then
    hold(held, arena, known.epoch)
  end
  if known.till >= now and live[known.node] then
    live[known.node].arenas = live[known.node].arenas + 1
  end
end

-- The node with the fewest arenas takes the next one.
local function mine_is_the_turn()
  for id, other in pairs(live) do
    if id ~= node and not other.draining and other.arenas < live[node].arenas then
      return false
    end
  end
  return not draining
end

for i = 6 + 3 * count, #ARGV do
  local arena = ARGV[i]
  local known = held[arena]
  if (not known or known.till < now) and mine_is_the_turn() then
    local last = tonumber(redis.call('HGET', epochs, arena) or '0')
    hold(held, arena, math.max(last, known and known.epoch or 0) + 1)
    live[node].arenas = live[node].arenas + 1
  end
end

for arena, known in pairs(held) do
  if known.till < now then
    held[arena] = nil
  end
end

-- An empty table would be written as a list.
local function object(of)
  return next(of) and cjson.encode(of) or '{}'
end
return { object(live), object(held) }
