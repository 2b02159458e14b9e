// `layer` of @effect/vitest puts its own testers on the `it` that all files of a worker share; each file begins with the
// ones that it has by itself.
import { effect, it, live, scoped, scopedLive } from "@effect/vitest"

Object.assign(it, { effect, live, scoped, scopedLive })
