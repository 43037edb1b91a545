-- Takes lives of a node into the boards and the stream of results; each life once, however often it comes.
--
-- KEYS: what every name begins with; the stream; the hash of what was sent; the hash of who was removed; the stream of
--       events.
-- ARGV: node, number of the life before these, number of the last of these, entries that the stream keeps, and that the
--       stream of events keeps, 0 for no events; then of each life: id, player, score, when it ended, its JSON, and three times a bucket and when that may be forgotten (Unix
--       seconds, 0 for never).
-- Returns the number that the node is to go on after.
local prefix, stream, sent, removed, events = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local node, before, last, keep, keep_events = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]

local at = redis.call('HGET', sent, node) or '0'
if at ~= before then
  return at
end

-- Ties go to who was first, and then to the lower id; the sorted set orders its members in just that way.
local function member(life)
  return string.format('%016d:%s:%s', life.at, life.life, life.player)
end

local function better(new, old)
  if new.score ~= old.score then
    return new.score > old.score
  end
  return member(new) < member(old)
end

local function offer(bucket, expire, player, json, new)
  local best, board = prefix .. 'best:' .. bucket, prefix .. 'board:' .. bucket
  local held = redis.call('HGET', best, player)
  if held then
    local old = cjson.decode(held)
    if not better(new, old) then
      return
    end
    redis.call('ZREM', board, member(old))
  end
  redis.call('HSET', best, player, json)
  redis.call('ZADD', board, -new.score, member(new))
  if expire ~= '0' then
    redis.call('EXPIREAT', best, expire)
    redis.call('EXPIREAT', board, expire)
  end
end

for i = 6, #ARGV, 11 do
  local id, player, score, ended, json = ARGV[i], ARGV[i + 1], tonumber(ARGV[i + 2]), tonumber(ARGV[i + 3]), ARGV[i + 4]
  local gone = redis.call('HGET', removed, player)
  local wanted = not gone or tonumber(gone) < ended
  if wanted and redis.call('SET', prefix .. 'life:' .. id, node, 'NX', 'EX', 86400) then
    redis.call('XADD', stream, 'MAXLEN', '~', keep, '*', 'kind', 'life', 'node', node, 'json', json)
    if keep_events ~= '0' then
      redis.call('XADD', events, 'MAXLEN', '~', keep_events, '*', 'v', '1', 'type', 'life', 'id', id, 'json', json)
    end
    local new = { life = id, player = player, score = score, at = ended }
    for j = i + 5, i + 9, 2 do
      offer(ARGV[j], ARGV[j + 1], player, json, new)
    end
  end
end
redis.call('HSET', sent, node, last)
return last
