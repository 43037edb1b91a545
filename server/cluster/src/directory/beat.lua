-- One node's sign of life: keeps its arenas, takes over those that nobody has, and says who has which.
--
-- An arena's epoch grows each time it goes to another node, also across a Redis that forgot it: of two who say that an arena
-- is theirs, the one with the higher epoch is right.
--
-- KEYS: nodes, arenas, epochs, when somebody was heard of.
-- ARGV: node, its address, 1 while it drains, the lease in ms, how many arenas it has, of each its name, its epoch and how
--       many people are in it, then of those that it would take the name and the highest epoch that it has heard of.
-- Returns the nodes that live and the arenas that somebody has, as JSON.
local nodes, arenas, epochs, heard = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local node, url, draining, lease, count = ARGV[1], ARGV[2], ARGV[3] == '1', tonumber(ARGV[4]), tonumber(ARGV[5])

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

-- A node that is gone is forgotten after a while.
local FORGOTTEN = 600000

-- When nobody was heard of for so long, nobody could reach us: they play on, and have yet to say so. Until all had the time to,
-- an arena that somebody had then is nobody else's. The same holds where our clock is not the one that leases were told by.
local SILENCE = 1500
local last = tonumber(redis.call('HGET', heard, 'at') or now)
local quiet = redis.call('HMGET', heard, 'since', 'until')
local since, quiet_until = tonumber(quiet[1] or 0), tonumber(quiet[2] or 0)
if math.abs(now - last) > SILENCE then
  since, quiet_until = math.min(last, now), now + lease
  redis.call('HSET', heard, 'since', since, 'until', quiet_until)
end
redis.call('HSET', heard, 'at', now)

-- No lease ends later than one that begins now, but one from a Redis whose clock was ahead of ours.
local function all(key)
  local found, flat = {}, redis.call('HGETALL', key)
  for i = 1, #flat, 2 do
    local one = cjson.decode(flat[i + 1])
    if one.till > now + lease then
      one.till = now + lease
      redis.call('HSET', key, flat[i], cjson.encode(one))
    end
    found[flat[i]] = one
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

local function is_free(known)
  return not known or (known.till < now and (now >= quiet_until or known.till < since))
end

for i = 6 + 3 * count, #ARGV, 2 do
  local arena, seen = ARGV[i], tonumber(ARGV[i + 1])
  local known = held[arena]
  -- It went to another node, in writes that were lost when Redis was failed over, and that node has not said so: it is gone.
  local stale = known and known.node == node and known.epoch < seen and not draining
  if stale or (is_free(known) and mine_is_the_turn()) then
    local last = tonumber(redis.call('HGET', epochs, arena) or '0')
    hold(held, arena, math.max(last, seen, known and known.epoch or 0) + 1)
    live[node].arenas = live[node].arenas + (stale and 0 or 1)
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
