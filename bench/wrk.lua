-- Posts what is given after `--`, if anything, each time as another client if told so, with {someone} in it
-- as one of so many accounts, and prints what was measured as one line of JSON.
local body, spread, first, last

function init(args)
  if args[1] then
    wrk.method = "POST"
    wrk.body = args[1]
    wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"
    wrk.headers["Sec-Fetch-Site"] = "same-origin"
  end
  spread = args[2] == "spread"
  body, first, last = args[1], tonumber(args[3]), tonumber(args[4])
  math.randomseed(os.time())
end

function request()
  if last then
    wrk.body = body:gsub("{someone}", string.format("%04d", math.random(first, last)))
  end
  if spread then
    wrk.headers["X-Forwarded-For"] = string.format(
      "%d.%d.%d.%d", math.random(1, 223), math.random(0, 255), math.random(0, 255), math.random(0, 255))
  end
  return wrk.format()
end

function done(summary, latency)
  local e = summary.errors
  io.write(string.format(
    '\nRESULT {"requests":%d,"seconds":%f,"refused":%d,"broken":%d,"p50":%f,"p95":%f,"p99":%f}\n',
    summary.requests, summary.duration / 1e6, e.status, e.connect + e.read + e.write + e.timeout,
    latency:percentile(50) / 1e6, latency:percentile(95) / 1e6, latency:percentile(99) / 1e6))
end
