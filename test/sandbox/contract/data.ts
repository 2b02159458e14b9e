/**
 * The walk through the organisation's data: datasets, connections, views, credentials and the catalogues for them.
 */
import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { at, change, id, room, type Sent, type Table, type Walk } from "./Walk.js"

const success = (json: unknown) => assert.deepStrictEqual(json, { success: true })

interface Named {
  readonly id: string
  readonly name: string
}

const names = (items: ReadonlyArray<Named>) => items.map(({ name }) => name)

const summer = room("summer")

/** A clean room whose datasets are closed to the API user. */
const closed = at(room("agency"))

const dataset = (key: string): Sent => ({ path: { ...summer.path, datasetId: id(`dataset/summer/${key}`) } })

export const datasets: Table = {
  getCleanroomDatasets: {
    sent: summer,
    shows: (list) => assert.includeMembers(names(list), ["Alder & Pine CRM", "Lumen Street Exposures"]),
    refuses: { 403: closed }
  },
  getCleanroomDatasetById: {
    sent: dataset("crm"),
    shows: (read) => assert.deepInclude(read, { name: "Alder & Pine CRM", isView: false }),
    refuses: { 403: closed }
  },
  updateCleanroomDatasetById: {
    sent: {
      ...dataset("crm"),
      body: {
        datasetFieldMappings: [{ fieldName: "loyalty_tier", isExcluded: true, rename: "" }],
        datasetFilters: [{ datasetFieldName: "age_band", operator: "EQUALS", values: ["25-34"] }]
      }
    },
    shows: (changed, walk, sent) =>
      Effect.map(walk.answer("getCleanroomDatasetById", sent), (read) => {
        assert.notInclude(names(read.datasetFields), "loyalty_tier")
        assert.deepInclude(read.datasetFilters[0], { datasetFieldName: "age_band", values: ["25-34"] })
        assert.deepStrictEqual(read, changed)
      }),
    refuses: {
      400: [
        change({ datasetFieldMappings: [{ fieldName: "loyalty_tier" }] }),
        change({ datasetFilters: [{ datasetFieldName: "shoe_size", operator: "IN", values: [] }] })
      ],
      403: [closed, at(dataset("exposures"))]
    }
  },
  configureCleanroomDataset: {
    sent: { ...room("holiday"), query: { dataConnectionId: id("dataConnection/crm") }, body: { rampIDConsent: true } },
    shows: (made, walk, sent) =>
      Effect.gen(function*() {
        assert.strictEqual(made.name, "Alder & Pine CRM")
        assert.deepStrictEqual(yield* walk.answer("getCleanroomDatasets", sent), [made])
        assert.isTrue(walk.world.datasets.get(made.id)?.rampIdConsent)
      }),
    refuses: {
      400: (sent) => ({ ...sent, query: { dataConnectionId: id("dataConnection/store-sales") } }),
      403: [closed, at(room("spring"))],
      404: (sent) => ({ ...sent, query: { dataConnectionId: id("dataConnection/brand-crm") } })
    }
  },
  updateCleanroomDatasetPartnerAssignment: {
    sent: { ...summer, body: [{ datasetId: id("dataset/summer/transactions"), partnerCanAssign: true }] },
    shows: (answer, walk) =>
      Effect.map(walk.answer("getCleanroomDatasetById", dataset("transactions")), (read) => {
        success(answer)
        assert.isTrue(read.partnerCanAssign)
      }),
    refuses: {
      403: [
        closed,
        at(room("spring")),
        (sent) => ({ ...sent, body: [{ datasetId: id("dataset/summer/exposures"), partnerCanAssign: true }] })
      ],
      404: (sent) => ({ ...sent, body: [{ datasetId: id("nothing"), partnerCanAssign: true }] })
    }
  }
}

const source = (location: string) => ({
  name: "Store Sales",
  category: "Transactions",
  dataType: { name: "Transaction" },
  dataSource: { name: "CLIENT_AWS", displayName: "Client AWS S3" },
  dataSourceConfiguration: [{ name: "DataLocation", value: location }, { name: "FileFormat", value: "Parquet" }]
})

const readable = "s3://alder-pine-data/stores/retail_transactions/"

const connected = (location: string) => (walk: Walk) =>
  Effect.map(walk.answer("createDataConnection", { body: source(location) }), (made): Sent => ({
    path: { dataConnectionId: made.id }
  }))

const statusOf = (walk: Walk, sent: Sent): Effect.Effect<string, unknown> =>
  Effect.map(walk.answer("getDataConnectionById", sent), ({ configStatus }) => configStatus)

export const dataConnections: Table = {
  getAllDataConnections: {
    sent: {},
    shows: (list) => {
      assert.lengthOf(list, 23)
      assert.include(names(list), "Alder & Pine CRM")
      assert.notInclude(names(list), "Fizzwell Consumers")
    }
  },
  createDataConnection: {
    sent: { body: source(readable) },
    shows: (made, walk) =>
      Effect.gen(function*() {
        assert.deepInclude(made, { name: "Store Sales", configStatus: "VERIFYING_ACCESS" })
        const sent = { path: { dataConnectionId: made.id } }
        assert.deepStrictEqual(yield* walk.answer("getDataConnectionById", sent), made)
        yield* walk.clock.advance("5 minutes")
        assert.strictEqual(yield* statusOf(walk, sent), "MAPPING_REQUIRED")
      }),
    refuses: {
      400: [change({ name: " " }), change({ dataType: { name: "Gossip" } }), change({ credentialId: "none" })]
    }
  },
  getDataConnectionById: {
    sent: { path: { dataConnectionId: id("dataConnection/crm") } },
    shows: (read) => assert.deepInclude(read, { name: "Alder & Pine CRM", configStatus: "CONFIGURATION_COMPLETE" }),
    refuses: {
      429: (sent, walk) => Effect.as(Effect.repeatN(walk.ask("getDataConnectionById", sent), 19), sent)
    }
  },
  updateDataConnection: {
    sent: (walk) =>
      Effect.map(connected("s3://elsewhere/retail_transactions/")(walk), (sent) => ({
        ...sent,
        body: { ...source(readable), name: "Store Sales 2" }
      })),
    shows: (changed, walk, sent) =>
      Effect.gen(function*() {
        assert.deepStrictEqual(yield* walk.answer("getDataConnectionById", sent), changed)
        assert.strictEqual(changed.name, "Store Sales 2")
        yield* walk.clock.advance("5 minutes")
        assert.strictEqual(yield* statusOf(walk, sent), "MAPPING_REQUIRED")
      }),
    refuses: { 400: change({ name: " " }) }
  },
  retryDataConnectionJob: {
    sent: (walk) => Effect.tap(connected("s3://elsewhere/retail_transactions/")(walk), walk.clock.advance("5 minutes")),
    shows: (answer, walk, sent) =>
      Effect.map(statusOf(walk, sent), (status) => {
        success(answer)
        assert.strictEqual(status, "VERIFYING_ACCESS")
      })
  },
  getAllFieldConfigurations: {
    sent: { path: { dataConnectionId: id("dataConnection/crm") } },
    shows: (list) => assert.include(list.map((item: { fieldName: string }) => item.fieldName), "loyalty_tier")
  },
  mapFieldConfigurations: {
    sent: (walk) =>
      Effect.gen(function*() {
        const sent = yield* connected(readable)(walk)
        yield* walk.clock.advance("5 minutes")
        const fields = yield* walk.answer("getAllFieldConfigurations", sent)
        const body = fields.map((field: { fieldName: string }) =>
          field.fieldName === "cid" ? { ...field, isPii: true, identifierType: "Hashed Customer ID" } : field
        )
        return { ...sent, body }
      }),
    shows: (fields, walk, sent) =>
      Effect.gen(function*() {
        assert.deepStrictEqual(yield* walk.answer("getAllFieldConfigurations", sent), fields)
        const cid = fields.find((field: { fieldName: string }) => field.fieldName === "cid")
        assert.deepInclude(cid, { isPii: true, identifierType: "Hashed Customer ID" })
        assert.strictEqual(yield* statusOf(walk, sent), "CONFIGURATION_COMPLETE")
      }),
    refuses: {
      400: [
        (sent) => ({ ...sent, body: [{ fieldName: "shoe_size" }] }),
        (sent, walk) => Effect.map(connected(readable)(walk), (early) => ({ ...sent, ...early }))
      ]
    }
  },
  deleteDataConnection: {
    sent: connected(readable),
    shows: (answer, walk, sent) =>
      Effect.map(walk.ask("getDataConnectionById", sent), ({ status }) => {
        success(answer)
        assert.strictEqual(status, 404)
      }),
    refuses: { 400: at({ path: { dataConnectionId: id("dataConnection/crm") } }) }
  },
  getAllIdentifierTypes: { sent: {}, shows: (list) => assert.include(names(list), "Hashed Customer ID") },
  getAllImportDataTypes: { sent: {}, shows: (list) => assert.include(names(list), "CRM") }
}

const view = {
  name: "Sales by Store",
  query: "SELECT @tx.@store_id AS store, SUM(@tx.@amount) AS sales FROM @tx GROUP BY @tx.@store_id",
  dataConnections: [{ dataConnectionId: id("dataConnection/transactions"), macro: "tx" }]
}

const from = (key: string) =>
  change({ dataConnections: [{ dataConnectionId: id(`dataConnection/${key}`), macro: "tx" }] })

const viewed = (walk: Walk) =>
  Effect.map(walk.answer("createDataConnectionView", { body: view }), (made): Sent => ({ path: { viewId: made.id } }))

export const dataConnectionViews: Table = {
  createDataConnectionView: {
    sent: { body: view },
    shows: (made, walk) =>
      Effect.map(walk.answer("getDataConnectionViewById", { path: { viewId: made.id } }), (read) => {
        assert.deepStrictEqual(read, made)
        assert.deepStrictEqual(names(made.fields), ["store", "sales"])
      }),
    refuses: { 400: [change({ dataConnections: [] }), from("store-sales")], 404: from("brand-crm") }
  },
  getAllDataConnectionViews: {
    sent: { query: { limit: "1", status: "CONFIGURATION_COMPLETE" } },
    shows: (page, walk) =>
      Effect.gen(function*() {
        assert.deepInclude(page, { limit: 1, offset: 0 })
        const made = yield* viewed(walk)
        const { dataConnectionViews } = yield* walk.answer("getAllDataConnectionViews")
        assert.strictEqual(dataConnectionViews.at(-1).id, made.path?.["viewId"])
      })
  },
  getDataConnectionViewById: {
    sent: viewed,
    shows: (read) => assert.deepInclude(read, { name: view.name, version: "1" })
  },
  updateDataConnectionView: {
    sent: (walk) => Effect.map(viewed(walk), (sent) => ({ ...sent, body: { name: "Sales" } })),
    shows: (changed, walk, sent) =>
      Effect.map(walk.answer("getDataConnectionViewById", sent), (read) => {
        assert.deepInclude(read, { name: "Sales", query: view.query, version: "2" })
        assert.deepStrictEqual(read, changed)
      }),
    refuses: { 400: [change({ name: " " }), from("store-sales")], 404: from("brand-crm") }
  },
  deleteDataConnectionView: {
    sent: viewed,
    shows: (answer, walk, sent) =>
      Effect.map(walk.ask("getDataConnectionViewById", sent), ({ status }) => {
        success(answer)
        assert.strictEqual(status, 404)
      })
  }
}

const aws = {
  name: "Second account",
  credentialSourceName: "AWS IAM User Credentials",
  credentials: [
    { name: "AWS_ACCESS_KEY_ID", value: "AKIAABCDEFGHIJKLMNOP" },
    { name: "AWS_SECRET_ACCESS_KEY", value: "abcdefghijklmnopqrstuvwxyz0123456789ABCD" },
    { name: "AWS_USER_ARN", value: "arn:aws:iam::123456789012:user/habu" },
    { name: "AWS_REGION", value: "us-east-1" }
  ]
}

const credential = (walk: Walk) =>
  Effect.map(walk.answer("createOrganizationCredential", { body: aws }), (made): Sent => ({
    path: { organizationCredentialId: made.id }
  }))

const listed = (name: string) => (sent: Sent, walk: Walk) =>
  Effect.map(walk.answer("getAllOrganizationCredentials"), (list: ReadonlyArray<Named>): Sent => ({
    ...sent,
    path: { organizationCredentialId: list.find((item) => item.name === name)?.id ?? "" }
  }))

const kinds = (walk: Walk): Effect.Effect<ReadonlyArray<Named>, unknown> => walk.answer("getAllCredentialSources")

const google = "Google Service Account"

export const credentials: Table = {
  getAllCredentialSources: { sent: {}, shows: (list) => assert.include(names(list), google) },
  getCredentialSourceById: {
    sent: (walk) =>
      Effect.map(kinds(walk), (list): Sent => ({
        path: { credentialSourceId: list.find(({ name }) => name === google)?.id ?? "" }
      })),
    shows: (read) => assert.strictEqual(read.name, google)
  },
  getCredentialSourceByName: {
    sent: { path: { name: google } },
    shows: (list, walk) =>
      Effect.map(kinds(walk), (all) => assert.deepStrictEqual(list, all.filter(({ name }) => name === google)))
  },
  getAllOrganizationCredentials: {
    sent: {},
    shows: (list) => {
      assert.includeMembers(names(list), ["Alder & Pine AWS", "LiveRamp Service Account"])
      assert.notInclude(JSON.stringify(list), "synthetic")
    }
  },
  createOrganizationCredential: {
    sent: { body: aws },
    shows: (made, walk) =>
      Effect.gen(function*() {
        const sent = { path: { organizationCredentialId: made.id } }
        assert.deepStrictEqual(yield* walk.answer("getOrganizationCredentialById", sent), made)
        assert.strictEqual(made.name, aws.name)
        assert.notInclude(JSON.stringify(made), "abcdefghij")
      }),
    refuses: { 400: [change({ name: " " }), change({ credentials: [] })] }
  },
  getOrganizationCredentialById: {
    sent: (walk) => listed("Alder & Pine AWS")({}, walk),
    shows: (read) => assert.deepInclude(read.credentials[0], { name: "AWS_ACCESS_KEY_ID" })
  },
  updateOrganizationCredential: {
    sent: (walk) => Effect.map(credential(walk), (sent) => ({ ...sent, body: { ...aws, name: "Third account" } })),
    shows: (changed, walk, sent) =>
      Effect.map(walk.answer("getOrganizationCredentialById", sent), (read) => {
        assert.strictEqual(read.name, "Third account")
        assert.deepStrictEqual(read, changed)
      }),
    refuses: { 400: change({ credentials: [] }), 403: listed("LiveRamp Service Account") }
  },
  deleteOrganizationCredential: {
    sent: credential,
    shows: (answer, walk, sent) =>
      Effect.map(walk.ask("getOrganizationCredentialById", sent), ({ status }) => {
        success(answer)
        assert.strictEqual(status, 404)
      }),
    refuses: { 400: listed("Alder & Pine AWS"), 403: listed("LiveRamp Service Account") }
  }
}

/** The ids of a kind of source and of a type of data. */
const catalogued = (walk: Walk) =>
  Effect.gen(function*() {
    const sources = yield* walk.answer("getAllDataSources")
    const dataSourceId: string = sources.find((item: { displayName: string }) =>
      item.displayName === "Client AWS S3"
    ).id
    const types = yield* walk.answer("getAllDataTypes", { path: { dataSourceId } })
    const dataTypeId: string = types.find(({ name }: Named) => name === "CRM").id
    const sent: Sent = { path: { dataSourceId, dataTypeId } }
    return sent
  })

export const dataSources: Table = {
  getAllDataSources: { sent: {}, shows: (list) => assert.lengthOf(list, 28) },
  getDataSourceById: { sent: catalogued, shows: (read) => assert.strictEqual(read.displayName, "Client AWS S3") },
  getAllDataTypes: { sent: catalogued, shows: (list) => assert.include(names(list), "CRM") },
  getDataTypeById: { sent: catalogued, shows: (read) => assert.strictEqual(read.name, "CRM") },
  getAllDataSourceParameters: {
    sent: catalogued,
    shows: (list) => assert.includeMembers(names(list), ["DataLocation", "FileFormat"])
  }
}
