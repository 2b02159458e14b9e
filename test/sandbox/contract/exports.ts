/**
 * The walk through destinations and the export jobs that send to them.
 */
import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { at, change, id, room, type Sent, type Table, type Walk } from "./Walk.js"

const success = (json: unknown) => assert.deepStrictEqual(json, { success: true })

const summer = room("summer")

const [bucket, activation, archive, brandAds] = [
  id("destination/s3"),
  id("destination/activation"),
  id("destination/archive"),
  id("destination/brand-ads")
]

interface Account {
  readonly ID: string
  readonly name: string
  readonly configStatus: string
}

const partnerId = (walk: Walk, name: string): Effect.Effect<string, unknown> =>
  Effect.map(
    walk.answer("listDestinationPartners"),
    ({ partners }) => partners.find((partner: Account) => partner.name === name).ID
  )

const credentials = Object.entries({
  AWS_ACCESS_KEY_ID: "AKIAALDERPINE0000002",
  AWS_SECRET_ACCESS_KEY: "synthetic/secret/of/a/destination/in/s3x",
  AWS_USER_ARN: "arn:aws:iam::000000000000:user/exports",
  AWS_REGION: "us-east-1"
}).map(([name, value]) => ({ name, value }))

const drop = (name: string) => (walk: Walk) =>
  Effect.map(partnerId(walk, "S3_EXPORT"), (ID): Sent => ({
    body: { name, partner: { ID }, credential: { name: "Exports", credentials } }
  }))

const dropped = (name: string) => (walk: Walk) =>
  Effect.gen(function*() {
    const account = yield* walk.answer("createDestination", yield* drop(name)(walk))
    const sent: Sent = { path: { partnerAccountId: account.ID } }
    return sent
  })

const named = (walk: Walk, name: string): Effect.Effect<Account | undefined, unknown> =>
  Effect.map(
    walk.answer("listDestinations"),
    ({ partnerAccounts }) => partnerAccounts.find((account: Account) => account.name === name)
  )

const channelOf = (walk: Walk, sent: Sent): Effect.Effect<string | undefined, unknown> =>
  Effect.map(
    walk.answer("listCleanroomDestinations", { path: { ...sent.path } }),
    ({ partnerAccounts }) =>
      partnerAccounts.find((item: { partnerAccount: Account }) =>
        item.partnerAccount.ID === sent.path?.["partnerAccountId"]
      )?.channelStatus
  )

const inRoom = (key: string, partnerAccountId: string): Sent => ({ path: { ...room(key).path, partnerAccountId } })

const provisioned = (key: string, partnerAccountId: string) => (walk: Walk) =>
  Effect.as(
    walk.answer("provisionCleanroomDestinations", { ...room(key), body: { destinations: [partnerAccountId] } }),
    inRoom(key, partnerAccountId)
  )

export const destinations: Table = {
  listDestinationPartners: {
    sent: {},
    shows: ({ partners }) => assert.include(partners.map((partner: Account) => partner.name), "S3_EXPORT")
  },
  listDestinations: {
    sent: { query: { limit: "2", offset: "1" } },
    shows: (page, walk) =>
      Effect.map(walk.answer("listDestinations"), (all) => {
        assert.deepInclude(page, { total: 4, limit: 2, offset: 1 })
        assert.deepStrictEqual(page.partnerAccounts, all.partnerAccounts.slice(1, 3))
      }),
    refuses: { 400: (sent) => ({ ...sent, query: { limit: "101" } }) }
  },
  createDestination: {
    sent: drop("Weekly drop"),
    shows: (account, walk) =>
      Effect.gen(function*() {
        assert.strictEqual(account.configStatus, "CONFIG_PENDING")
        assert.deepInclude(yield* named(walk, "Weekly drop"), { ID: account.ID, configStatus: "CONFIG_PENDING" })
        yield* walk.clock.advance("5 minutes")
        assert.deepInclude(yield* named(walk, "Weekly drop"), { configStatus: "CONFIG_CONFIGURED" })
      }),
    refuses: {
      400: [change({ name: " " }), change({ credential: { name: "k", credentials: credentials.slice(1) } })],
      404: [change({ partner: { ID: "none" } }), change({ credential: { ID: "none" } })]
    }
  },
  updateDestinationConnection: {
    sent: (walk) => Effect.map(dropped("First name")(walk), (sent) => ({ ...sent, body: { name: "Second name" } })),
    shows: ({ partnerAccount }, walk, sent) =>
      Effect.map(named(walk, "Second name"), (account) => {
        assert.strictEqual(partnerAccount.name, "Second name")
        assert.strictEqual(account?.ID, sent.path?.["partnerAccountId"])
      }),
    refuses: { 400: change({ name: " " }), 404: at({ path: { partnerAccountId: brandAds } }) }
  },
  deleteDestinationConnection: {
    sent: dropped("For a day"),
    shows: (answer, walk) =>
      Effect.map(named(walk, "For a day"), (account) => {
        success(answer)
        assert.isUndefined(account)
      }),
    refuses: {
      400: at({ path: { partnerAccountId: bucket } }),
      404: at({ path: { partnerAccountId: brandAds } })
    }
  },
  listCleanroomDestinations: {
    sent: { ...summer, query: { type: "EXPORTS" } },
    shows: ({ partnerAccounts, total }) => {
      assert.strictEqual(total, 1)
      assert.strictEqual(partnerAccounts[0].partnerAccount.ID, bucket)
    },
    refuses: { 400: (sent) => ({ ...sent, query: { limit: "101" } }) }
  },
  provisionCleanroomDestinations: {
    sent: { ...room("holiday"), body: { destinations: [bucket] } },
    shows: (list, walk) =>
      Effect.map(channelOf(walk, inRoom("holiday", bucket)), (channel) => {
        assert.deepInclude(list[0], { partnerAccountId: bucket, channelStatus: "ACTIVE_CHANNEL" })
        assert.strictEqual(channel, "ACTIVE_CHANNEL")
      }),
    refuses: { 400: change({ destinations: [] }), 403: at(room("spring")), 404: change({ destinations: [brandAds] }) }
  },
  deprovisionCleanroomDestination: {
    sent: provisioned("holiday", archive),
    shows: (answer, walk, sent) =>
      Effect.map(channelOf(walk, sent), (channel) => {
        success(answer)
        assert.isUndefined(channel)
      }),
    refuses: { 400: at(inRoom("summer", activation)), 403: at(inRoom("summer", brandAds)) }
  },
  reviewDestinationProvisioningRequest: {
    sent: { ...inRoom("summer", brandAds), body: { decision: "APPROVE" } },
    shows: (answer, walk, sent) =>
      Effect.map(channelOf(walk, sent), (channel) => {
        success(answer)
        assert.strictEqual(channel, "ACTIVE_CHANNEL")
      }),
    refuses: {
      400: at(inRoom("summer", bucket)),
      403: (sent, walk) => Effect.map(provisioned("marketplace", bucket)(walk), (place) => at(place)(sent))
    }
  }
}

interface Job {
  readonly ID: string
  readonly status: string
  readonly questionID: string
}

const jobs = (walk: Walk): Effect.Effect<ReadonlyArray<Job>, unknown> => walk.answer("getAllDataExportJobs", summer)

const job = (key: string): Sent => ({ path: { exportJobId: id(`exportJob/${key}`) } })

const order = { cleanroomQuestionId: id("cleanRoomQuestion/hero"), partnerAccountIds: [bucket] }

const list = "Exposed Buyers - User List"

/** A flow of one list, ready to run. */
const flow = (flowName: string) => (walk: Walk) =>
  Effect.gen(function*() {
    const body = { flowName, nodes: [{ nodeIdentifier: list }] }
    const { flowID } = yield* walk.answer("createOrUpdateCleanroomFlow", { ...summer, body })
    const sent: Sent = { path: { ...summer.path, cleanroomFlowId: flowID } }
    const datasets = Object.entries({
      exposures: "Lumen Street Exposures",
      transactions: "Alder & Pine Transactions",
      pubmap: "Lumen Street RampID Map"
    }).map(([datasetMacro, datasetName]) => ({ datasetMacro, datasetName }))
    yield* walk.answer("assignCleanroomFlowDatasets", {
      ...sent,
      body: { nodeDatasets: [{ nodeIdentifier: list, datasets }] }
    })
    const details = yield* walk.answer("getCleanroomFlowNodeDetails", sent)
    const nodeId: string = details.nodes[0].nodeID
    return { sent, nodeId }
  })

/** A flow whose node has an export job. */
const exporting = (flowName: string) => (walk: Walk) =>
  Effect.gen(function*() {
    const { nodeId, sent } = yield* flow(flowName)(walk)
    const body = [{ nodeId, partnerAccountIds: [activation] }]
    const [made] = yield* walk.answer("createFlowNodeExportJobs", { ...sent, body })
    const jobId: string = made.jobIds[0]
    return { sent: { ...sent, query: { nodeIds: nodeId } }, nodeId, jobId }
  })

const jobsOfNode = (walk: Walk, sent: Sent, nodeId: string) =>
  Effect.map(
    walk.answer("listFlowNodeExportJobs", { ...sent, query: { nodeIds: nodeId } }),
    ([node]): ReadonlyArray<{ readonly id: string; readonly status: string }> => node.jobs
  )

const nodeOf = (sent: Sent): string => Object(sent.body).nodeIds[0]

export const exports: Table = {
  getAllDataExportJobs: {
    sent: summer,
    shows: (all) => assert.includeMembers(all.map(({ ID }: Job) => ID), [id("exportJob/reach"), id("exportJob/buyers")])
  },
  createDataExportJobs: {
    sent: { ...summer, body: order },
    shows: ([made], walk) =>
      Effect.map(
        jobs(walk),
        (all) =>
          assert.deepInclude(all.find(({ ID }) => ID === made), {
            status: "ACTIVE",
            questionID: order.cleanroomQuestionId
          })
      ),
    refuses: {
      400: [change({ partnerAccountIds: [] }), change({ partnerAccountIds: [activation] })],
      403: [at(room("spring")), change({ partnerAccountIds: [brandAds] })],
      404: [change({ cleanroomQuestionId: id("nothing") }), change({ cleanroomDatasetId: "x" })]
    }
  },
  getDataExportJobRuns: {
    sent: job("reach"),
    shows: ({ jobRunsByDate }) => assert.strictEqual(jobRunsByDate[0].jobRuns[0].status, "COMPLETE"),
    refuses: { 429: (sent, walk) => Effect.as(Effect.repeatN(walk.ask("getDataExportJobRuns", sent), 19), sent) }
  },
  changeJobStatus: {
    sent: { ...job("reach"), body: { status: "PAUSED" } },
    shows: (answer, walk) =>
      Effect.map(jobs(walk), (all) => {
        success(answer)
        assert.strictEqual(all.find(({ ID }) => ID === id("exportJob/reach"))?.status, "PAUSED")
      }),
    refuses: {
      403: (sent, walk) => {
        const row = walk.world.exportJobs.get(id("exportJob/reach"))
        walk.world.exportJobs.put(Object.assign({}, row, { id: "ended", cleanRoomId: id("cleanRoom/spring") }))
        return { ...sent, path: { exportJobId: "ended" }, body: { status: "ACTIVE" } }
      }
    }
  },
  deleteDataExportJob: {
    sent: job("buyers"),
    shows: (answer, walk) =>
      Effect.map(jobs(walk), (all) => {
        success(answer)
        assert.notInclude(all.map(({ ID }) => ID), id("exportJob/buyers"))
      })
  },
  createFlowNodeExportJobs: {
    sent: (walk) =>
      Effect.map(flow("Node jobs")(walk), ({ nodeId, sent }) => ({
        ...sent,
        body: [{ nodeId, partnerAccountIds: [activation] }]
      })),
    shows: ([{ jobIds, nodeId }], walk, sent) =>
      Effect.map(jobsOfNode(walk, sent, nodeId), (made) => assert.deepStrictEqual(made.map((item) => item.id), jobIds)),
    refuses: {
      400: (sent) => ({ ...sent, body: [] }),
      404: (sent) => ({ ...sent, body: [{ nodeId: id("nothing"), partnerAccountIds: [activation] }] })
    }
  },
  listFlowNodeExportJobs: {
    sent: (walk) => Effect.map(exporting("Listed jobs")(walk), ({ sent }) => sent),
    shows: ([node]) => assert.deepInclude(node.jobs[0], { status: "ACTIVE", channelStatus: "ACTIVE_CHANNEL" }),
    refuses: { 404: (sent) => ({ ...sent, query: { nodeIds: id("nothing") } }) }
  },
  updateFlowNodeExportJobsStatus: {
    sent: (walk) =>
      Effect.map(exporting("Paused jobs")(walk), ({ nodeId, sent }) => ({
        ...sent,
        body: { nodeIds: [nodeId], status: "PAUSED" }
      })),
    shows: (answer, walk, sent) =>
      Effect.map(jobsOfNode(walk, sent, nodeOf(sent)), ([one]) => {
        assert.deepStrictEqual(answer, [{ nodeId: nodeOf(sent), success: true }])
        assert.strictEqual(one?.status, "PAUSED")
      }),
    refuses: { 404: change({ nodeIds: [id("nothing")] }) }
  },
  deleteFlowNodeExportJobs: {
    sent: (walk) =>
      Effect.map(exporting("Deleted jobs")(walk), ({ nodeId, sent }) => ({ ...sent, body: { nodeIds: [nodeId] } })),
    shows: ([deleted], walk, sent) =>
      Effect.map(jobsOfNode(walk, sent, nodeOf(sent)), (left) => {
        assert.lengthOf(deleted.deletedJobIds, 1)
        assert.deepStrictEqual(left, [])
      }),
    refuses: { 404: change({ nodeIds: [id("nothing")] }) }
  },
  getFlowNodeExportJobRuns: {
    sent: (walk) =>
      Effect.gen(function*() {
        const { nodeId, sent } = yield* exporting("Exported")(walk)
        const parameters = { "exposures.date_start": "2025-12-01", "exposures.date_end": "2026-02-28" }
        const body = { name: "flow", nodes: [{ nodeIdentifier: nodeId, parameters }] }
        yield* walk.answer("createOrUpdateCleanroomFlowRun", { ...sent, body })
        yield* walk.clock.advance("1 hour")
        return sent
      }),
    shows: ([node]) => assert.deepInclude(node.jobRuns[0], { jobRunType: "FULL_REFRESH" }),
    refuses: { 404: (sent) => ({ ...sent, query: { nodeIds: id("nothing") } }) }
  }
}
