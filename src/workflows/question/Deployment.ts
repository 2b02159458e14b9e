/**
 * What a question in a clean room lacks, and the steps that give it that: datasets for its macros, partners for theirs,
 * permissions, compute capacity.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import type { CleanRoomQuestionDataset } from "../../habu/api/CleanRoomQuestions.js"
import type { CleanRoom, CleanRoomStakeholder } from "../../habu/api/CleanRooms.js"
import type { CleanRoomDataset, DatasetField } from "../../habu/api/Datasets.js"
import type { QuestionDataType } from "../../habu/api/Questions.js"
import { HabuClient } from "../../habu/HabuClient.js"
import { type Known, resolve } from "../../habu/HabuDirectory.js"
import type { HabuError, ReferenceError } from "../../habu/HabuError.js"
import * as Contents from "../cleanroom/Contents.js"
import * as Plan from "../Plan.js"
import * as Words from "../Words.js"
import * as Workflow from "../Workflow.js"
import * as Matching from "./Matching.js"

/**
 * The clean room and what there is in it to choose from.
 *
 * @since 0.1.0
 * @category models
 */
export interface Setting {
  readonly room: Known<CleanRoom>
  readonly choices: Matching.Choices
  readonly stakeholders: ReadonlyArray<CleanRoomStakeholder>
}

/**
 * A question that is in the clean room, or will be by then.
 *
 * @since 0.1.0
 * @category models
 */
export interface Target {
  readonly title: string
  /** The steps that must come first. */
  readonly needs: ReadonlyArray<string>
  /** Its id in the clean room, once it is there. */
  readonly id: Effect.Effect<string, HabuError | ReferenceError, HabuClient>
  readonly macros: ReadonlyArray<Matching.Macro>
}

const read = (cleanroomQuestionId: string) =>
  Effect.flatMap(HabuClient, (habu) => habu.getAllCleanroomQuestionDatasets({ path: { cleanroomQuestionId } }))

const filled = (id: string | undefined) => id === undefined || id === "" ? undefined : id

const allowedFor = Effect.fnUntraced(function*(cleanroomQuestionId: string, dataType: string | undefined) {
  if (dataType === undefined) return undefined
  const habu = yield* HabuClient
  const options = yield* habu.getCleanroomQuestionDataTypeOptions({
    path: { cleanroomQuestionId },
    urlParams: { dataType }
  }).pipe(Effect.catchTag("Forbidden", () => Effect.succeed(undefined)))
  return options?.flatMap(({ datasetOptions = [] }) => datasetOptions.flatMap(({ id }) => id ?? []))
})

/**
 * The macros of a question that is in the clean room, with the datasets that Habu allows for those that are open
 * (operations `getAllCleanroomQuestionDatasets`, `getCleanroomQuestionDataTypeOptions`).
 *
 * @since 0.1.0
 * @category constructors
 */
export const macrosHere = Effect.fnUntraced(function*(cleanroomQuestionId: string) {
  const rows = yield* read(cleanroomQuestionId)
  return yield* Effect.forEach(rows, (row) => {
    const assigned = filled(row.datasetId)
    const allowed = assigned === undefined
      ? allowedFor(cleanroomQuestionId, row.dataTypeName)
      : Effect.succeed(undefined)
    return Effect.map(allowed, (allowed): Matching.Macro => ({
      macro: row.macro ?? "",
      dataType: row.dataTypeName,
      fields: (row.fields ?? []).flatMap(({ name }) => name ?? []),
      assigned,
      ownerId: row.organizationId,
      ownerName: row.organizationName,
      allowed
    }))
  }, { concurrency: "unbounded" })
})

/**
 * The macros of a question that is still to come into the clean room.
 *
 * @since 0.1.0
 * @category constructors
 */
export const macrosOf = (types: ReadonlyArray<QuestionDataType>): ReadonlyArray<Matching.Macro> =>
  types.map(({ dataSetTypeFields = [], importDataType, macro = "" }) => ({
    macro,
    dataType: importDataType,
    fields: dataSetTypeFields.flatMap(({ name }) => name ?? []),
    assigned: undefined,
    ownerId: undefined,
    ownerName: undefined,
    allowed: undefined
  }))

/**
 * What a caller says of macros: the dataset, or the partner that must assign it. Names with or without `@`.
 *
 * @since 0.1.0
 * @category models
 */
export interface Said {
  readonly datasets: { readonly [macro: string]: string }
  readonly partners: { readonly [macro: string]: string }
}

const saidOf = (said: { readonly [macro: string]: string }, { macro }: Matching.Macro) =>
  Words.given(said[macro] ?? said[`@${macro}`])

/**
 * What becomes of one macro, as said or as it fits.
 *
 * @since 0.1.0
 * @category models
 */
export interface Decision {
  readonly macro: Matching.Macro
  readonly match: Matching.Match
}

/**
 * Decides on every macro.
 *
 * @since 0.1.0
 * @category constructors
 */
export const decide = Effect.fnUntraced(function*(target: Target, { choices, stakeholders }: Setting, said: Said) {
  return yield* Effect.forEach(target.macros, (macro): Effect.Effect<Decision, ReferenceError> => {
    const partner = saidOf(said.partners, macro)
    const reference = saidOf(said.datasets, macro)
    if (partner !== undefined) {
      const named = stakeholders.map(({ organizationId, organizationName }) =>
        Workflow.compact({ id: organizationId, name: organizationName })
      )
      return Effect.map(resolve("organisation", partner, named), ({ name = "" }) => ({
        macro,
        match: { _tag: "Theirs", organization: name, options: [] }
      }))
    }
    if (reference === undefined) return Effect.succeed({ macro, match: Matching.match(macro, choices) })
    return Effect.map(
      Effect.suspend(() => {
        const picked = Matching.named(macro, reference, choices)
        return picked._tag === "Right" ? Effect.succeed(picked.right) : Effect.fail(picked.left)
      }),
      (dataset): Decision => ({
        macro,
        match: dataset.id === macro.assigned
          ? { _tag: "Assigned" }
          : { _tag: "Chosen", dataset, why: "as you said" }
      })
    )
  })
})

const fieldsFor = (row: CleanRoomQuestionDataset, dataset: CleanRoomDataset): ReadonlyArray<DatasetField> =>
  (row.fields ?? []).map((field) => {
    const found = dataset.datasetFields?.find(({ name }) => Contents.same(name, field.name))
    return Workflow.compact({ ...field, datasetId: dataset.id, value: found?.name ?? field.value ?? field.name })
  })

type Pick = { readonly macro: string; readonly dataset: Known<CleanRoomDataset> }

// Filled in as read and sent back; what other organisations assigned is theirs to send.
const assignment = (
  rows: ReadonlyArray<CleanRoomQuestionDataset>,
  picks: ReadonlyArray<Pick>,
  own: string | undefined
) =>
  rows.flatMap((row): ReadonlyArray<CleanRoomQuestionDataset> => {
    const dataset = picks.find(({ macro }) => macro === row.macro)?.dataset
    if (dataset !== undefined) {
      return [{
        ...row,
        ...Workflow.compact({ datasetName: dataset.name, dataConnectionId: dataset.dataConnectionId }),
        datasetId: dataset.id,
        fields: fieldsFor(row, dataset)
      }]
    }
    return filled(row.datasetId) !== undefined && own !== undefined && Contents.same(row.organizationName, own)
      ? [row]
      : []
  })

const assigning = (target: Target, { choices }: Setting, decisions: ReadonlyArray<Decision>) => {
  const chosen = decisions.flatMap(({ macro, match }) =>
    match._tag === "Chosen" ? [{ macro: macro.macro, dataset: match.dataset, why: match.why }] : []
  )
  if (chosen.length === 0) return []
  const told = chosen.map(({ dataset, macro, why }) =>
    `@${Words.said(macro, 60) ?? ""} = ${JSON.stringify(Words.said(dataset.name, 80) ?? dataset.id)} (${why})`
  )
  return [{
    step: `assign datasets of ${target.title}`,
    grade: "ordinary" as const,
    preview: `assign to ${target.title}: ${told.join("; ")}`,
    needs: target.needs,
    write: Effect.gen(function*() {
      const habu = yield* HabuClient
      const cleanroomQuestionId = yield* target.id
      const rows = yield* read(cleanroomQuestionId)
      yield* habu.configureCleanroomQuestionDatasets({
        path: { cleanroomQuestionId },
        payload: assignment(rows, chosen, choices.own)
      })
      return told.join("; ")
    }),
    shown: Effect.map(
      Effect.flatMap(target.id, read),
      (rows) =>
        chosen.every(({ dataset, macro }) => rows.some((row) => row.macro === macro && row.datasetId === dataset.id))
    )
  }]
}

const handing = (target: Target, { stakeholders }: Setting, { macro, match }: Decision) => {
  if (match._tag !== "Theirs") return []
  const { organizationId } =
    stakeholders.find(({ organizationName }) => Contents.same(organizationName, match.organization)) ?? {}
  const step = `hand @${Words.said(macro.macro, 60)} of ${target.title} to ${Words.said(match.organization)}`
  if (organizationId === undefined || organizationId === macro.ownerId) return []
  return [{
    step,
    grade: "ordinary" as const,
    needs: target.needs,
    write: Effect.gen(function*() {
      const habu = yield* HabuClient
      yield* habu.assignCleanroomQuestionDatasetsOwnership({
        path: { cleanroomQuestionId: yield* target.id },
        urlParams: { AssignCleanroomQuestionDatasetRequests: { organizationId, macro: macro.macro } }
      })
    }),
    shown: Effect.map(
      Effect.flatMap(target.id, read),
      (rows) => rows.some((row) => row.macro === macro.macro && row.organizationId === organizationId)
    )
  }]
}

/**
 * The steps that give a question its datasets (operations `configureCleanroomQuestionDatasets`,
 * `assignCleanroomQuestionDatasetsOwnership`). Those handed over come first.
 *
 * @since 0.1.0
 * @category constructors
 */
export const datasets = (
  target: Target,
  setting: Setting,
  decisions: ReadonlyArray<Decision>
): ReadonlyArray<Plan.Change<HabuClient>> => {
  const handed = decisions.flatMap((decision) => handing(target, setting, decision))
  return [...handed, ...assigning({ ...target, needs: [...target.needs] }, setting, decisions)]
}

/**
 * Whose turn each open macro is, in words.
 *
 * @since 0.1.0
 * @category formatting
 */
export const turns = (rows: ReadonlyArray<CleanRoomQuestionDataset>, own: string | undefined): ReadonlyArray<string> =>
  rows.filter(({ datasetId }) => filled(datasetId) === undefined).map(({ dataTypeName, macro, organizationName }) => {
    const who = Words.said(organizationName)
    const isOurs = own !== undefined && Contents.same(organizationName, own)
    return `@${Words.said(macro, 60) ?? "?"} (${Words.said(dataTypeName, 40) ?? "any data"}): ${
      isOurs ? "your turn to assign a dataset" : `${who ?? "its owner"} must assign a dataset`
    }`
  })

/**
 * The macros of a question as they read back.
 *
 * @since 0.1.0
 * @category getters
 */
export const readBack = read
