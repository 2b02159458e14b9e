// Completes package-lock.json: `npm run lock`, after `npm install`. npm locks only those optional packages that the
// registry at hand offers, and `npm ci` then refuses the lock: native packages for other machines belong in it too.
import * as Fs from "node:fs"
import { fileURLToPath } from "node:url"

const path = fileURLToPath(new URL("../package-lock.json", import.meta.url))
const lock = JSON.parse(Fs.readFileSync(path, "utf8"))

const systems = ["aix", "android", "darwin", "freebsd", "linux", "netbsd", "openbsd", "openharmony", "sunos", "win32"]
const processors = ["arm64", "arm", "ia32", "loong64", "mips64el", "ppc64", "riscv64", "s390x", "x64"]

/** What a name such as `@scope/binding-linux-arm64-musl` says of the machine it is for. */
const machineOf = (name) => {
  const words = name.replace(/^@[^/]+\//, "").split("-")
  const os = systems.filter((system) => words.includes(system))
  const cpu = processors.filter((processor) => words.includes(processor))
  if (os.length !== 1 || cpu.length !== 1) throw new Error(`${name} does not tell which machine it is for`)
  return words.includes("musl") ? { os, cpu, libc: ["musl"] } : { os, cpu }
}

/** Whether a package at `parent` finds `name`, there or in a folder above. */
const isLocked = (parent, name) => {
  if (`${parent}/node_modules/${name}` in lock.packages) return true
  const above = parent.lastIndexOf("/node_modules/")
  return above < 0 ? `node_modules/${name}` in lock.packages : isLocked(parent.slice(0, above), name)
}

const missing = Object.entries(lock.packages).flatMap(([parent, { dev, optionalDependencies = {} }]) =>
  Object.entries(optionalDependencies)
    .filter(([name]) => !isLocked(parent, name))
    .map(([name, version]) => {
      if (!/^\d+\.\d+\.\d+[\w.-]*$/.test(version)) throw new Error(`${name}@${version} is not one version`)
      return [`node_modules/${name}`, { version, ...(dev ? { dev } : {}), optional: true, ...machineOf(name) }]
    })
)

Object.assign(lock.packages, Object.fromEntries(missing))
Fs.writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`)
process.stdout.write(`${missing.length} optional packages added to package-lock.json\n`)
