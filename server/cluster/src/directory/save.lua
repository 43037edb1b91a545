-- Keeps what an arena is, if it is the node's that says so; and hands it over to another node if it is told to.
--
-- KEYS: arenas, epochs, the arena's save, what wakes the node that it is handed to.
-- ARGV: node, arena, its epoch, the save, seconds that it is kept, the node to hand it to or nothing, its lease in ms.
-- Returns 1 when it was done, 0 when the arena is somebody else's.
local arenas, epochs, save, wake = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local node, arena, epoch, json, kept, heir, lease = unpack(ARGV)

local known = redis.call('HGET', arenas, arena)
known = known and cjson.decode(known)
if not known or known.node ~= node or known.epoch ~= tonumber(epoch) then
  return 0
end
redis.call('SET', save, json, 'EX', kept)
if heir ~= '' then
  local time = redis.call('TIME')
  local now = time[1] * 1000 + math.floor(time[2] / 1000)
  local next = { node = heir, epoch = known.epoch + 1, till = now + lease }
  redis.call('HSET', arenas, arena, cjson.encode(next))
  redis.call('HSET', epochs, arena, next.epoch)
  redis.call('LPUSH', wake, arena)
  redis.call('EXPIRE', wake, 10)
end
return 1
