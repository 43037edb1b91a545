-- Keeps what an arena is, if it is the node's that says so; and hands it over to another node if it is told to.
--
-- KEYS: arenas, epochs, changes, the arena's save, what wakes the node that it is handed to.
-- ARGV: node, arena, its epoch, the save, seconds that it is kept, the node to hand it to or nothing.
-- Returns 1 when it was done, 0 when the arena is somebody else's.
local arenas, epochs, changes, save, wake = unpack(KEYS)
local node, arena, epoch, json, kept, heir = unpack(ARGV)

local known = redis.call('HGET', arenas, arena)
known = known and cjson.decode(known)
if not known or known.node ~= node or known.epoch ~= tonumber(epoch) then
  return 0
end
redis.call('SET', save, json, 'EX', kept)
if heir ~= '' then
  local next = { node = heir, epoch = known.epoch + 1 }
  redis.call('HSET', arenas, arena, cjson.encode(next))
  redis.call('HSET', epochs, arena, next.epoch)
  local newest = tonumber(redis.call('ZRANGE', changes, -1, -1, 'WITHSCORES')[2] or '0')
  local time = redis.call('TIME')
  local version = math.max(time[1] * 1000000 + time[2], newest + 1)
  redis.call('ZADD', changes, string.format('%.0f', version), arena)
  redis.call('LPUSH', wake, arena)
  redis.call('EXPIRE', wake, 10)
end
return 1
