const MOST_HELD = 5_000;
const LOOK_EVERY_MS = 20;

/**
 * What HAProxy has no rule for. A request waits while the map says that its route is on hold, so that units can be replaced one by
 * the other: its own queues need a server that is up and full. The end counts without us. And a cookie is found by the name that
 * the map has: its own rules know the names in the configuration.
 */
export function renderHold(mapFile: string): string {
  return `local routes = Map.new("${mapFile}", Map._str)
local held = 0

local function left(route)
  local grant = routes:lookup(route) or ""
  local now = core.now()
  return tonumber(grant:match("^%d+:%d+:(%d+)") or "0") - now.sec * 1000 - now.usec / 1000
end

-- A number before HAProxy 3.1, a boolean from then on.
local function stopping(txn)
  local answer = txn.f:stopping()
  return answer == true or answer == 1
end

core.register_action("hold", { "http-req" }, function(txn)
  if held >= ${MOST_HELD} then
    txn:set_var("txn.crowded", "yes")
    return
  end
  held = held + 1
  local route = txn:get_var("txn.route")
  while left(route) > 0 and not stopping(txn) do core.msleep(${LOOK_EVERY_MS}) end
  held = held - 1
end, 0)

core.register_fetches("key_cookie", function(txn)
  return txn.f:req_cook(txn:get_var("txn.cookie")) or ""
end)
`;
}
