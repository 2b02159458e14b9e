// Measures what a read through a tool costs over a bare `fetch` of the same request, with and without a copy at hand.
// `npm run bench -- reads`. Both take turns; a copy ages in the sandbox SPEED times faster.
import { setTimeout as sleep } from "node:timers/promises"
import { figure, median, timed } from "./figures.mjs"
import { sandbox, server, signIn } from "./sandboxed.mjs"

const [rounds = 9] = process.argv.slice(2).map(Number)
const speed = 60
const ageing = 60_000 / speed + 200
const tool = ["find_resources", { kind: "clean_rooms" }]

const habu = await sandbox(["--speed", String(speed), "--rows", "500"])
const mcp = await server(habu, { speed })
try {
  // The other client's token is the day's second.
  await mcp.call(...tool)
  const get = await signIn(habu)
  for (const latency of [0, 50]) {
    await habu.control("DELETE", "/faults")
    if (latency > 0) await habu.control("POST", "/faults", { kind: "delay", operation: "*", millis: latency })
    const seen = { bare: [], cached: [], uncached: [] }
    let paths = []
    for (let round = 0; round <= rounds; round++) {
      await sleep(ageing)
      await habu.control("DELETE", "/requests")
      const uncached = await mcp.call(...tool)
      paths = (await habu.control("GET", "/requests")).map(({ path }) => path)
      const cached = await mcp.call(...tool)
      const bare = await timed(async () => {
        for (const path of paths) await get(path.replace(/^\/v1/, ""))
      })
      if (round === 0) continue
      seen.uncached.push(uncached.millis)
      seen.cached.push(cached.millis)
      seen.bare.push(bare.millis)
    }
    if (paths.length === 0) throw new Error("nothing was asked of Habu")
    const against = { what: `bare fetch of the same ${paths.length}`, value: median(seen.bare) }
    const at = `find_resources at ${latency} ms a request`
    figure({
      what: `${at}, nothing at hand`,
      value: median(seen.uncached),
      unit: "ms",
      against,
      ...(latency > 0 && { aim: { most: 1.5 } })
    })
    figure({
      what: `${at}, with a copy`,
      value: median(seen.cached),
      unit: "ms",
      against,
      ...(latency > 0 && { aim: { most: 0.5 } })
    })
  }
} finally {
  await mcp.close()
  await habu.close()
}
