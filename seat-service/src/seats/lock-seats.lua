-- Decides a lock of one flight's seats: all that were asked for, or none.
--
-- KEYS[1]  taken: hash, seat number -> epoch ms until which it is reserved, 0 when sold; `#version` -> change number
-- KEYS[2]  locks: hash, seat number -> "lockId:userId:epoch ms until which it is locked"
-- ARGV     lockId, userId, ttlMs, most seats of this flight that the user may hold,
--          'named' and the seats asked for, or 'best', how many, and the cabin's blocks as "first-last:ABC|DEF"
--
-- Returns  {'NOT_LOADED'}, {'TAKEN', seat...}, {'NOT_ENOUGH', free}, {'LIMIT', held}, {'LOCKED', expiresAtMs, nowMs, seat...},
--          or {'HELD', expiresAtMs, nowMs, seat...} for a lock that holds seats of the flight already
--
-- The server's clock alone decides what has expired, so callers whose clocks differ still agree. A caller who does not
-- know whether an earlier attempt at the same lock came through asks again under the same id, and gets the same seats.

local lock_id, user_id = ARGV[1], ARGV[2]
local ttl, limit, mode = tonumber(ARGV[3]), tonumber(ARGV[4]), ARGV[5]

local taken, locks = {}, {}
local loaded = false
local raw = redis.call('HGETALL', KEYS[1])
for i = 1, #raw, 2 do
  if raw[i] == '#version' then loaded = true else taken[raw[i]] = tonumber(raw[i + 1]) end
end

local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)

local held = 0
local mine, mine_until = {}, nil
local latest = now + ttl
raw = redis.call('HGETALL', KEYS[2])
for i = 1, #raw, 2 do
  local id, owner, expires = string.match(raw[i + 1], '^(%d+):(%d+):(%d+)$')
  expires = tonumber(expires)
  if expires > now then
    locks[raw[i]] = true
    if owner == user_id then held = held + 1 end
    if owner == user_id and id == lock_id then
      mine[#mine + 1] = raw[i]
      mine_until = expires
    end
    if expires > latest then latest = expires end
  else
    redis.call('HDEL', KEYS[2], raw[i])
  end
end

if mine_until then
  table.sort(mine, function(a, b)
    local row_a, row_b = tonumber(string.match(a, '^%d+')), tonumber(string.match(b, '^%d+'))
    if row_a ~= row_b then return row_a < row_b end
    return a < b
  end)
  return { 'HELD', mine_until, now, unpack(mine) }
end
if not loaded then return { 'NOT_LOADED' } end

local function is_free(seat)
  local reserved_until = taken[seat]
  return not locks[seat] and (reserved_until == nil or (reserved_until ~= 0 and reserved_until <= now))
end

-- Rows of the cabin, front to back; a row is its groups of seats between the aisles.
local function parse_rows(first_argument)
  local rows = {}
  for i = first_argument, #ARGV do
    local first, last, letters = string.match(ARGV[i], '^(%d+)-(%d+):(.+)$')
    for row = tonumber(first), tonumber(last) do
      local groups = {}
      for group in string.gmatch(letters, '[^|]+') do
        local seats = {}
        for letter in string.gmatch(group, '.') do seats[#seats + 1] = row .. letter end
        groups[#groups + 1] = seats
      end
      rows[#rows + 1] = groups
    end
  end
  return rows
end

-- The first `count` seats of the shortest run of free neighbours that is long enough, front-most among equals:
-- the tightest fit leaves the longer runs whole for those who come next.
local function tightest_run(lines, count)
  local best, best_length
  for _, line in ipairs(lines) do
    local run = {}
    for i = 1, #line + 1 do
      if line[i] and is_free(line[i]) then
        run[#run + 1] = line[i]
      else
        if #run >= count and (best == nil or #run < best_length) then best, best_length = run, #run end
        run = {}
      end
    end
  end
  if best then return { unpack(best, 1, count) } end
end

-- Seats of as few neighbouring rows as possible, front-most among equals.
local function fewest_rows(lines, count)
  local free = {}
  for i, line in ipairs(lines) do
    free[i] = {}
    for _, seat in ipairs(line) do
      if is_free(seat) then table.insert(free[i], seat) end
    end
  end
  local best_first, best_span
  local first, sum = 1, 0
  for last = 1, #free do
    sum = sum + #free[last]
    while sum - #free[first] >= count do
      sum = sum - #free[first]
      first = first + 1
    end
    if sum >= count and (best_span == nil or last - first < best_span) then
      best_first, best_span = first, last - first
    end
  end
  if best_first == nil then return nil, sum end
  local seats = {}
  for i = best_first, best_first + best_span do
    for _, seat in ipairs(free[i]) do
      if #seats < count then seats[#seats + 1] = seat end
    end
  end
  return seats
end

-- Neighbours within a group of seats, else across an aisle of one row, else in rows close together.
local function best_seats(count, rows)
  local groups, lines = {}, {}
  for _, row in ipairs(rows) do
    local line = {}
    for _, group in ipairs(row) do
      groups[#groups + 1] = group
      for _, seat in ipairs(group) do line[#line + 1] = seat end
    end
    lines[#lines + 1] = line
  end
  local neighbours = tightest_run(groups, count) or tightest_run(lines, count)
  if neighbours then return neighbours end
  return fewest_rows(lines, count)
end

local chosen
if mode == 'named' then
  chosen = { unpack(ARGV, 6) }
  local refused = { 'TAKEN' }
  for _, seat in ipairs(chosen) do
    if not is_free(seat) then refused[#refused + 1] = seat end
  end
  if #refused > 1 then return refused end
else
  local free
  chosen, free = best_seats(tonumber(ARGV[6]), parse_rows(7))
  if chosen == nil then return { 'NOT_ENOUGH', free } end
end
if held + #chosen > limit then return { 'LIMIT', held } end

local expires = now + ttl
local answer = { 'LOCKED', expires, now }
for _, seat in ipairs(chosen) do
  redis.call('HSET', KEYS[2], seat, lock_id .. ':' .. user_id .. ':' .. expires)
  answer[#answer + 1] = seat
end
redis.call('PEXPIREAT', KEYS[2], latest)
return answer
