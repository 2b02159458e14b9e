/**
 * The least it takes: the client for the organisation that the environment names (HABU_API_CLIENT, HABU_API_SECRET).
 */
import { FetchHttpClient } from "@effect/platform"
import { NodeFileSystem } from "@effect/platform-node"
import { Effect, Layer } from "effect"
import { HabuClient } from "habu-mcp/habu"
import { Memory } from "habu-mcp/state"

const Habu = HabuClient.layerConfig.pipe(Layer.provide([Memory.layer, FetchHttpClient.layer, NodeFileSystem.layer]))

const cleanRooms = Effect.flatMap(HabuClient.HabuClient, (habu) => habu.getAllCleanrooms({ urlParams: {} }))

Effect.runPromise(Effect.provide(cleanRooms, Habu)).then(console.log)
