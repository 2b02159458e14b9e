// Measures whether a tool asks Habu in the fewest rounds: its time over its critical path, the longest chain of requests
// that each need the answer of the one before, at so many milliseconds a request.
// `npm run bench:rounds -- [MILLISECONDS] [ROUNDS] [TOOL]`; ends with 1 where an aim is missed.
//
// A row names a tool, its arguments, its chain and, where there is one, its aim. Each is called some times until both
// processes are warm, and then again and again once all copies have aged, which in the sandbox they do SPEED times
// faster. It is measured with the gate wide open, so that only the chain counts, and with the usual gate of 8, where many
// requests take their turns: that time stands over the larger of the chain's and requests / 8.
import { setTimeout as sleep } from "node:timers/promises"
import { sandbox, server, stateFolder, tokensOf } from "./sandboxed.mjs"

const [latency = 100, rounds = 5] = process.argv.slice(2, 4).map(Number)
const only = process.argv[4]
const gate = 8
const speed = 60
const warming = 8
// A survey's copies of one clean room count as new for a minute, everything else for less.
const ageing = 60_000 / speed + 200

const rows = [
  {
    tool: "monitor_cleanroom_status",
    args: { clean_room: "Back to School 001" },
    chain: ["clean rooms", "questions", "runs of each question"],
    aim: 1.3
  },
  {
    tool: "monitor_organization_health",
    args: { fresh: true },
    chain: ["clean rooms", "questions", "runs of each question"]
  },
  {
    tool: "execute_question_workflow",
    args: { question: "Campaign reach and sales overlap", clean_room: "Back to School 001", dry_run: true },
    chain: ["clean rooms", "questions", "parameters and datasets"]
  },
  { tool: "find_resources", args: { kind: "questions" }, chain: ["clean rooms", "questions", "stakeholders"] },
  { tool: "test_connection", args: {}, chain: ["clean rooms", "stakeholders and users"] }
]

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]

const habu = await sandbox(["--speed", String(speed), "--rows", "500", "--rooms", "1", "--questions", "20"])
const state = stateFolder()

const measure = async ({ args, tool }, concurrency) => {
  const { call, close } = await server(habu, { concurrency, speed, state })
  const seen = []
  try {
    await call(tool, args)
    await habu.control("POST", "/faults", { kind: "delay", operation: "*", millis: latency })
    for (let round = -warming; round < rounds; round++) {
      await sleep(ageing)
      await habu.control("DELETE", "/requests")
      const { answer, millis } = await call(tool, args)
      const requests = (await habu.control("GET", "/requests")).length
      if (round >= 0) seen.push({ millis, requests, tokens: tokensOf(answer) })
    }
    return seen
  } finally {
    await habu.control("DELETE", "/faults")
    await close()
  }
}

let missed = 0
try {
  console.log(`medians of ${rounds} after ${warming} to warm up; ${latency} ms a request; ${process.version}`)
  for (const row of rows.filter(({ tool }) => only === undefined || tool === only)) {
    const open = await measure(row, 500)
    const gated = await measure(row, gate)
    const time = (seen) => median(seen.map(({ millis }) => millis))
    const [{ requests, tokens }] = open
    const chain = row.chain.length * latency
    const ratio = time(open) / chain
    const isMissed = row.aim !== undefined && ratio > row.aim
    if (isMissed) missed++
    const bound = Math.max(chain, (requests / gate) * latency)
    console.log(
      `${row.tool} ${JSON.stringify(row.args)}: ${requests} requests, chain of ${row.chain.length} (${
        row.chain.join(" > ")
      })`
    )
    console.log(
      `  gate open: ${time(open).toFixed(0)} ms, ${ratio.toFixed(2)} of the chain` +
        `${row.aim === undefined ? "" : ` (aim: ${row.aim}${isMissed ? ", MISSED" : ""})`}; ` +
        `gate of ${gate}: ${time(gated).toFixed(0)} ms, ${
          (time(gated) / bound).toFixed(2)
        } of what it must take; ${tokens} tokens`
    )
  }
  process.exitCode = missed === 0 ? 0 : 1
} finally {
  await habu.close()
}
