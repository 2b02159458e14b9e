// Makes the pages that follow from the program. `--write` renews them in docs/, `--check` compares with them.
import * as Pages from "./docs/Pages.js"

if (process.argv.includes("--write")) Pages.write()
else if (process.argv.includes("--check")) {
  const stale = Pages.stale()
  if (stale.length > 0) {
    process.stderr.write(`These pages in docs/ differ from the program: ${stale.join(", ")}.\n`)
    process.stderr.write("Renew them with: npm run docs -- --write\n")
    process.exitCode = 1
  }
} else process.stdout.write([...Pages.all].map(([path, text]) => `${path}\n\n${text}`).join("\n"))
