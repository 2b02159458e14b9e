// Measures how fast the built command is there, beside a bare SDK server. `npm run bench -- startup`
import { fileURLToPath } from "node:url"
import { compare } from "./starting.mjs"

const [rounds = 9] = process.argv.slice(2).map(Number)
await compare({ command: fileURLToPath(new URL("../dist/bin/habu-mcp.mjs", import.meta.url)), rounds })
