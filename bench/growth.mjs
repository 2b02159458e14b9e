// Measures what calls cost as an organisation grows: time, requests and memory at 10, 100 and 1,000 clean rooms.
// `npm run bench -- growth`. What concerns one clean room may cost no more in a large organisation than the further pages
// of the list in which its name is looked up.
import { setTimeout as sleep } from "node:timers/promises"
import { figure, median } from "./figures.mjs"
import { residentMegabytes, sandbox, server, tokensOf } from "./sandboxed.mjs"

const [rounds = 3, latency = 50] = process.argv.slice(2).map(Number)
const seeded = 7
const sizes = [10, 100, 1000]
const speed = 60
const ageing = 60_000 / speed + 200
const calls = [
  { title: "monitor_cleanroom_status of one", tool: "monitor_cleanroom_status", most: 1.5 },
  { title: "find_resources, questions of one", tool: "find_resources", args: { kind: "questions" }, most: 2 },
  { title: "find_resources, all clean rooms", tool: "find_resources", all: { kind: "clean_rooms" } },
  { title: "monitor_organization_health, a call", tool: "monitor_organization_health", all: {} }
]

const measure = async (size) => {
  const habu = await sandbox(
    ["--speed", String(speed), "--rows", "500", "--rooms", String(size - seeded), "--questions", "3"]
  )
  const mcp = await server(habu, { speed })
  try {
    const seen = []
    await mcp.call("find_resources", { kind: "clean_rooms" })
    await habu.control("POST", "/faults", { kind: "delay", operation: "*", millis: latency })
    for (const { all, args, tool } of calls) {
      const given = all ?? { ...args, clean_room: "Fizzwell Summer Campaign" }
      const times = []
      const requests = []
      let tokens = 0
      for (let round = 0; round < rounds; round++) {
        await sleep(ageing)
        await habu.control("DELETE", "/requests")
        const { answer, millis } = await mcp.call(tool, given)
        times.push(millis)
        tokens = tokensOf(answer)
        requests.push((await habu.control("GET", "/requests")).length)
      }
      seen.push({ millis: median(times), requests: median(requests), tokens })
    }
    return { seen, memory: residentMegabytes(mcp.pid) }
  } finally {
    await mcp.close()
    await habu.close()
  }
}

const measured = []
for (const size of sizes) measured.push(await measure(size))
const [{ memory: least, seen: smallest }] = measured
for (const [index, { most, title }] of calls.entries()) {
  for (const [nth, size] of sizes.entries()) {
    const { millis, requests, tokens } = measured[nth].seen[index]
    figure({
      what: `${title}; ${size} clean rooms, ${requests} requests, ${tokens} tokens`,
      value: millis,
      unit: "ms",
      ...(nth > 0 && { against: { what: `${sizes[0]} clean rooms`, value: smallest[index].millis } }),
      ...(nth > 0 && most !== undefined && { aim: { most } })
    })
  }
}
for (const [nth, size] of sizes.entries()) {
  figure({
    what: `resident after these, ${size} clean rooms`,
    value: measured[nth].memory,
    unit: "MB",
    ...(nth > 0 && { against: { what: `${sizes[0]} clean rooms`, value: least } })
  })
}
