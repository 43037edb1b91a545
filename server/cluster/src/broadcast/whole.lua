-- Keeps the last of a board and tells it, so that its bytes are sent once.
--
-- KEYS: the key and channel.
-- ARGV: it, for how many ms it is kept.
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return redis.call('PUBLISH', KEYS[1], ARGV[1])
