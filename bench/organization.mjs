// Measures monitor_organization_health over a large organisation whose Habu answers slowly: its time over that of the
// requests alone, how many calls it takes, how large the answer is, and how soon it is there again.
// `npm run bench -- organization`, or after a build `node bench/organization.mjs [CLEAN_ROOMS] [QUESTIONS] [MILLISECONDS]`.
import { figure } from "./figures.mjs"
import { sandbox, server, tokensOf } from "./sandboxed.mjs"

const [cleanRooms = 200, questions = 20, latency = 50] = process.argv.slice(2).map(Number)
const concurrency = 8
const aims = { ratio: 1.3, tokens: 4000 }
const tool = "monitor_organization_health"

const habu = await sandbox([
  "--speed",
  "1",
  "--rows",
  "500",
  "--rooms",
  String(cleanRooms),
  "--questions",
  String(questions)
])
const mcp = await server(habu, { concurrency, speed: 1 })
try {
  // Signed in and loaded: what is measured is the reading.
  await mcp.call("find_resources", { kind: "users" })
  await habu.control("POST", "/faults", { kind: "delay", operation: "*", millis: latency })
  await habu.control("DELETE", "/requests")
  const calls = []
  do calls.push(await mcp.call(tool))
  while (calls.at(-1).answer.coverage.read < calls.at(-1).answer.coverage.parts)
  const requests = (await habu.control("GET", "/requests")).length
  const again = await mcp.call(tool)
  const more = (await habu.control("GET", "/requests")).length - requests

  const millis = calls.reduce((sum, call) => sum + call.millis, 0)
  const tokens = Math.max(...[...calls, again].map(({ answer }) => tokensOf(answer)))
  const size = `${cleanRooms} clean rooms with ${questions} questions each`
  const alone = { what: `requests / ${concurrency}`, value: (requests / concurrency) * latency }
  figure({
    what: `${size}, ${requests} requests at ${latency} ms in ${calls.length} calls`,
    value: millis,
    unit: "ms",
    against: alone,
    aim: { most: aims.ratio }
  })
  figure({ what: "largest answer", value: tokens, unit: "tokens", aim: { of: "value", most: aims.tokens } })
  figure({
    what: `once more, ${more} requests`,
    value: again.millis,
    unit: "ms",
    against: { what: "the first time", value: millis }
  })
} finally {
  await mcp.close()
  await habu.close()
}
