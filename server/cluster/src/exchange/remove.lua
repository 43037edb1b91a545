-- A player has had himself removed: off the boards, and word to every node. A Redis that has lost that is told again; what he
-- has lived since then stays. Of whom the node knows nothing and no open board has a life, nothing is kept.
--
-- KEYS: what every name begins with; the stream; the hash of who was removed.
-- ARGV: node, player, when in Unix milliseconds, entries that the stream keeps, 1 if the node knows something of the player, then the
--       buckets that are open, that of all time among them. Returns 1 if word went to every node.
local prefix, stream, removed = KEYS[1], KEYS[2], KEYS[3]
local node, player, at, keep, sure = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]

local known = redis.call('HGET', removed, player)
if known and tonumber(known) >= tonumber(at) then
  return 0
end
for i = 6, #ARGV do
  if redis.call('HEXISTS', prefix .. 'best:' .. ARGV[i], player) == 1 then
    sure = '1'
  end
end
if sure ~= '1' then
  return 0
end
redis.call('HSET', removed, player, at)
for i = 6, #ARGV do
  local best, board = prefix .. 'best:' .. ARGV[i], prefix .. 'board:' .. ARGV[i]
  local held = redis.call('HGET', best, player)
  if held then
    local old = cjson.decode(held)
    if old.at <= tonumber(at) then
      redis.call('HDEL', best, player)
      redis.call('ZREM', board, string.format('%016d:%s:%s', old.at, old.life, player))
    end
  end
end
redis.call('XADD', stream, 'MAXLEN', '~', keep, '*', 'kind', 'removed', 'node', node, 'player', player, 'at', at)
return 1
