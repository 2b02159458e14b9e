/**
 * What each entry of the catalogue looks like in the evidence on a question and its run.
 *
 * The detectors rest on what the contract names: statuses, enums, structures, numbers, dates. Of Habu's sentences only
 * words are read that any such service would use, such as PII, KMS, timeout, table not found.
 *
 * @since 0.1.0
 */
import type {
  CleanRoomQuestionDataset,
  CleanRoomQuestionPermissionsResponse
} from "../../habu/api/CleanRoomQuestions.js"
import type { DataConnectionResponse } from "../../habu/api/DataConnections.js"
import type { QuestionRunResultData } from "../../habu/api/QuestionRuns.js"
import * as Text from "../../habu/Text.js"
import * as Run from "../../runs/Run.js"
import * as Preflight from "../question/Preflight.js"
import * as Words from "../Words.js"
import * as Connection from "./ConnectionDetectors.js"
import { clear, type Detectors, found, unseen, type Verdict } from "./Finding.js"
import * as Heard from "./Heard.js"
import type { Evidence, RunEvidence } from "./Question.js"
import * as RoomTypes from "./RoomTypes.js"
import * as Sql from "./Sql.js"

const quoted = (text: string | undefined) => JSON.stringify(Text.clean(text ?? "?", 80))

const listed = (items: ReadonlyArray<string>, most = 5) =>
  `${items.slice(0, most).join(", ")}${items.length > most ? ` and ${items.length - most} more` : ""}`

const isFailed = (run: RunEvidence | undefined) => run?.phase === "failed"
const isCompleted = (run: RunEvidence | undefined) => run?.phase === "completed"

// Another party's sentences, only ever searched for a few words.
const failureText = (run: RunEvidence | undefined): string =>
  !isFailed(run) ? "" : [
    run?.run.failureReason,
    run?.run.runMessage,
    ...(Heard.value(run?.audit)?.auditDetails ?? []).map(({ message }) => message)
  ].filter((text) => text !== undefined).join(" \n ").slice(0, 10_000)

const sqlOf = ({ placed, question }: Evidence): string | undefined =>
  Heard.value(question)?.customerQueryTemplate ?? placed?.question.customerQueryTemplate

const datasetsOf = ({ datasets }: Evidence): ReadonlyArray<CleanRoomQuestionDataset> | undefined =>
  Heard.value(datasets)

/**
 * Whether a macro is our own side's to fill.
 *
 * @since 0.1.0
 * @category guards
 */
export const isOurs = ({ own }: Evidence) => ({ organizationId, ownership }: CleanRoomQuestionDataset): boolean =>
  own.size > 0 && organizationId !== undefined ? own.has(organizationId) : /owner/i.test(ownership ?? "owner")

const whose = ({ macro, organizationName }: CleanRoomQuestionDataset) =>
  `@${Text.clean(macro ?? "?", 50)}${organizationName === undefined ? "" : ` (${Text.clean(organizationName, 60)})`}`

const open = (evidence: Evidence) => {
  const missing = (datasetsOf(evidence) ?? []).filter((dataset) => !Preflight.isAssigned(dataset))
  const ours = missing.filter(isOurs(evidence))
  return { ours, theirs: missing.filter((dataset) => !ours.includes(dataset)) }
}

const ownMacros = (evidence: Evidence): Verdict => {
  if (datasetsOf(evidence) === undefined) return unseen
  const { ours } = open(evidence)
  return ours.length === 0 ? clear : found("proven", `No dataset is assigned to ${listed(ours.map(whose))}.`)
}

const partnerMacros = (evidence: Evidence): Verdict => {
  if (datasetsOf(evidence) === undefined) return unseen
  const { ours, theirs } = open(evidence)
  if (theirs.length === 0) return clear
  return found(
    ours.length === 0 ? "proven" : "likely",
    `${ours.length === 0 ? "All our macros have datasets; still empty" : "Also empty"}: ${listed(theirs.map(whose))}.`
  )
}

const rules = (evidence: Evidence): Verdict => {
  if (/analysis rule|\brules?\b.{0,40}\bviolat|violat.{0,40}\brules?\b/i.test(failureText(evidence.run))) {
    return found("likely", "Habu's record of the failed run speaks of a rule of a dataset.")
  }
  const macros = datasetsOf(evidence)
  const inRoom = Heard.value(evidence.roomDatasets)
  if (macros === undefined || inRoom === undefined) return unseen
  const others = macros.filter((dataset) => !isOurs(evidence)(dataset))
  const kept = inRoom.filter(({ organizationName, partnerCanAssign }) =>
    partnerCanAssign === false && others.some((other) => other.organizationName === organizationName)
  )
  return kept.length === 0 ? clear : found(
    "fact",
    `Partners may not assign ${
      listed(
        kept.map(({ name, organizationName }) => `${quoted(name)} of ${Text.clean(organizationName ?? "?", 60)}`),
        3
      )
    }: only its owner can, for ${listed(others.map(whose))}.`
  )
}

const noTable =
  /(table|view|relation|macro)\b[^.\n]{0,60}\b(not (be )?found|does(n't| not) exist|unknown|undefined)|no such (table|view)|(unknown|undefined|missing) (table|view)|TABLE_OR_VIEW_NOT_FOUND/i

const macroCase = (evidence: Evidence): Verdict => {
  const sql = sqlOf(evidence)
  const declared = datasetsOf(evidence)?.flatMap(({ macro }) => macro ?? [])
  if (sql !== undefined && declared !== undefined) {
    const wrong = Sql.macros(sql).flatMap((name) => {
      const meant = declared.find((macro) => macro.toLowerCase() === name.toLowerCase())
      return meant === undefined || declared.includes(name) ? [] : [`@${name} in the SQL is declared as @${meant}`]
    })
    if (wrong.length > 0) return found(isFailed(evidence.run) ? "proven" : "likely", `${listed(wrong)}.`)
  }
  if (noTable.test(failureText(evidence.run))) {
    return found("likely", "Habu's record of the failed run says that a table was not found.")
  }
  return sql === undefined || declared === undefined ? unseen : clear
}

const outputsOf = (evidence: Evidence): ReadonlyArray<string> => {
  const question = Heard.value(evidence.question) ?? evidence.placed?.question
  return [...Object.keys(question?.dimension ?? {}), ...Object.keys(question?.metrics ?? {})]
}

// The fields of the question that stand for personal data, by the datasets assigned to it.
const personalFields = (evidence: Evidence): ReadonlySet<string> => {
  const inRoom = Heard.value(evidence.roomDatasets) ?? []
  return new Set((datasetsOf(evidence) ?? []).flatMap(({ datasetId, fields }) => {
    const labelled = new Set(
      (inRoom.find(({ id }) => id === datasetId)?.datasetFieldMappings ?? []).flatMap(({ fieldName, isPii }) =>
        isPii === true ? fieldName ?? [] : []
      )
    )
    return (fields ?? []).flatMap(({ name, value }) =>
      labelled.has(value ?? name ?? "") ? (name ?? "").toLowerCase() : []
    )
  }))
}

const isAnalytical = (evidence: Evidence) =>
  /analytical/i.test((Heard.value(evidence.question) ?? evidence.placed?.question)?.questionType ?? "")

const personalOutput = (evidence: Evidence): Verdict => {
  const { run } = evidence
  const sql = sqlOf(evidence)
  const mayTell = sql !== undefined && isAnalytical(evidence) && Heard.value(evidence.roomDatasets) !== undefined
  if (mayTell && !isCompleted(run)) {
    const personal = personalFields(evidence)
    const shown = outputsOf(evidence).flatMap((output) => {
      const field = [...Sql.origins(sql, output)].find((origin) => personal.has(origin))
      return field === undefined ? [] : [`${quoted(output)} comes from the field ${quoted(field)}, labelled as PII`]
    })
    if (shown.length > 0) {
      return found(isFailed(run) ? "proven" : "likely", `The output ${listed(shown, 3)}.`)
    }
  }
  if (/\bPII\b|personal(ly)? (data|identif)/i.test(failureText(run))) {
    return found("likely", "Habu's record of the failed run speaks of personal data.")
  }
  return mayTell || isCompleted(run) ? clear : unseen
}

// Results

const rowsOf = (result: QuestionRunResultData) => result.count ?? result.stats?.length ?? 0

const numericColumns = (result: QuestionRunResultData): ReadonlyArray<string> =>
  (result.metadata ?? []).flatMap(({ columnName, dataType }) =>
    columnName !== undefined && /int|long|double|decimal|float|number|numeric/i.test(dataType ?? "") ? [columnName] : []
  )

const numbers = (result: QuestionRunResultData, column: string): ReadonlyArray<number> =>
  (result.stats ?? []).flatMap((row) => row[column] === undefined || row[column] === null ? [] : [Number(row[column])])
    .filter(Number.isFinite)

const resultOf = ({ run }: Evidence) => Heard.value(run?.result)

const smallGroups = (evidence: Evidence): Verdict => {
  const result = resultOf(evidence)
  if (result === undefined) return isFailed(evidence.run) ? clear : unseen
  if (rowsOf(result) === 0 || !isAnalytical(evidence)) return clear
  const columns = numericColumns(result)
  const counts = (result.metadata ?? []).flatMap(({ columnName, dataType }) =>
    columnName !== undefined && /int|long/i.test(dataType ?? "") ? [columnName] : []
  )
  const least = Math.min(...counts.flatMap((column) => numbers(result, column)).filter((number) => number > 0))
  const grouped = (result.metadata ?? []).length > columns.length
  // Where groups of very few are shown, it is not the crowd size that hides others.
  return !grouped || !Number.isFinite(least) || least < 5 ? clear : found(
    "fact",
    `The run completed with ${Words.count(rowsOf(result), "row")} in groups; none of its figures is below ${least}. ` +
      "Groups of fewer people than the crowd size are left out."
  )
}

const keyOf = (result: QuestionRunResultData) => {
  const measured = new Set(numericColumns(result))
  return (row: { readonly [column: string]: string | null }) =>
    JSON.stringify(Object.entries(row).filter(([column]) => !measured.has(column)).sort())
}

const unequal = (a: QuestionRunResultData, b: QuestionRunResultData) => {
  const key = keyOf(a)
  const others = new Map((b.stats ?? []).map((row) => [key(row), row]))
  const pairs = (a.stats ?? []).flatMap((row) => {
    const other = others.get(key(row))
    return other === undefined ? [] : [[row, other] as const]
  })
  const cells = pairs.flatMap(([row, other]) =>
    numericColumns(a).map((column) => [Number(row[column]), Number(other[column])] as const)
  )
  return { compared: cells.length, different: cells.filter(([one, other]) => one !== other).length }
}

const noise = (evidence: Evidence): Verdict => {
  const result = resultOf(evidence)
  const before = Heard.value(evidence.before?.result)
  if (result === undefined || before === undefined) return unseen
  const { compared, different } = unequal(result, before)
  if (compared === 0) return unseen
  return different === 0 ? clear : found(
    "fact",
    `An earlier run with the same values and version gave other figures in ${different} of ${compared} places that ` +
      "can be compared."
  )
}

const isPartition = (parameter: { readonly ParameterType?: string; readonly partitionFieldConfig?: unknown }) =>
  /partition/i.test(parameter.ParameterType ?? "") || parameter.partitionFieldConfig !== undefined

const partitionNames = ({ parameters }: Evidence): ReadonlyArray<string> =>
  (Heard.value(parameters) ?? []).filter(isPartition).flatMap(({ Name }) => Name ?? [])

const filtersOf = (evidence: Evidence): ReadonlyArray<string> => {
  const used = new Set((datasetsOf(evidence) ?? []).map(({ datasetId }) => datasetId))
  return (Heard.value(evidence.roomDatasets) ?? []).filter(({ id }) => used.has(id)).flatMap((
    { datasetFilters, name }
  ) => (datasetFilters ?? []).length > 0 ? [quoted(name)] : [])
}

const noRows = (evidence: Evidence): Verdict => {
  const { run } = evidence
  const result = resultOf(evidence)
  if (result === undefined) return isFailed(run) ? clear : unseen
  if (rowsOf(result) > 0) return clear
  const given = new Set(
    [...(Heard.value(run?.partition) ?? []), ...(run?.run.partitionParameters ?? [])].flatMap(({ name, value }) =>
      value === undefined || value === "" ? [] : name ?? []
    )
  )
  const absent = partitionNames(evidence).filter((name) => !given.has(name))
  const filters = filtersOf(evidence)
  return found(
    "proven",
    `The run completed with 0 rows. ${
      absent.length > 0
        ? `It was given no value for ${listed(absent)}: without them a partitioned dataset gives no rows.`
        : filters.length > 0
        ? `Rows of ${listed(filters)} are filtered in this clean room.`
        : given.size > 0
        ? `It read the parts ${
          listed(
            (Heard.value(run?.partition) ?? []).map(({ name, value }) =>
              `${Text.clean(name ?? "", 60)} = ${Text.clean(value ?? "", 40)}`
            )
          )
        }.`
        : "No partition dates and no dataset filters are in play, so the query's own conditions or joins leave nothing."
    }`
  )
}

type Form = "plain" | "sha256" | "sha1" | "md5" | "hashed"

const formOf = (field: string, personal: ReadonlySet<string>): Form | undefined => {
  if (/sha_?-?256/.test(field)) return "sha256"
  if (/sha_?-?1(?!\d)/.test(field)) return "sha1"
  if (/md5/.test(field)) return "md5"
  if (/hash/.test(field)) return "hashed"
  return personal.has(field) || /^(e_?)?mail(_address)?$|^phone|^mobile(_number)?$/.test(field) ? "plain" : undefined
}

const formMismatch = (evidence: Evidence): string | undefined => {
  const personal = personalFields(evidence)
  const pair = Sql.equalities(sqlOf(evidence) ?? "").find(([left, right]) => {
    const [one, other] = [formOf(left, personal), formOf(right, personal)]
    return one !== undefined && other !== undefined && one !== other && one !== "hashed" && other !== "hashed"
  })
  return pair === undefined
    ? undefined
    : `The query joins ${quoted(pair[0])} (${formOf(pair[0], personal)}) with ${quoted(pair[1])} (${
      formOf(pair[1], personal)
    }), which never are equal.`
}

const emptyMeasure = (result: QuestionRunResultData): string | undefined =>
  numericColumns(result).find((column) => {
    const all = numbers(result, column)
    return all.length > 0 && all.every((number) => number === 0)
  })

const joins = (evidence: Evidence) => Sql.equalities(sqlOf(evidence) ?? "").length > 0

const noMatch = (evidence: Evidence): Verdict => {
  const mismatch = formMismatch(evidence)
  const result = resultOf(evidence)
  const empty = result === undefined ? undefined : emptyMeasure(result)
  const none = result !== undefined && rowsOf(result) === 0
  if (mismatch !== undefined) {
    const seen = empty === undefined ? none ? " The run has no rows." : "" : ` ${quoted(empty)} is 0 in every row.`
    return found(seen === "" ? "likely" : "proven", `${mismatch}${seen}`)
  }
  if (empty !== undefined && joins(evidence)) {
    return found("likely", `${quoted(empty)} is 0 in all rows of the run, though the query joins data of two sides.`)
  }
  if (result === undefined) return isFailed(evidence.run) ? clear : unseen
  return none ? unseen : clear
}

const rampIds = (evidence: Evidence): Verdict => {
  const sql = sqlOf(evidence)
  if (sql === undefined) return unseen
  const parties = new Set((datasetsOf(evidence) ?? []).flatMap(({ organizationId }) => organizationId ?? []))
  const isJoined = Sql.equalities(sql).some((pair) => pair.every((field) => /ramp_?id/.test(field)))
  if (!isJoined || parties.size < 2) return clear
  const result = resultOf(evidence)
  const nobody = result !== undefined && (rowsOf(result) === 0 || emptyMeasure(result) !== undefined)
  return found(
    nobody ? "likely" : "fact",
    `The query joins RampIDs of ${parties.size} organisations${nobody ? ", and the run found nobody" : ""}.`
  )
}

// The run itself

const tooLong = /\btime[sd]?[ -]?out\b|\btimeout\b|time limit|deadline|took too long|out of memory|exceeded/i

const slowness = (evidence: Evidence): Verdict => {
  const { run } = evidence
  const all = Heard.value(evidence.runs) ?? []
  const over = all.filter(({ status }) => Run.isOver(Run.phaseOf(status)))
  const isRetryableFailure = (one: { readonly status?: string; readonly isRetryable?: boolean }) =>
    Run.phaseOf(one.status) === "failed" && one.isRetryable === true
  const streak = over.findIndex((one) => !isRetryableFailure(one))
  const failing = streak === -1 ? over.length : streak
  if (isFailed(run) && run?.run.isRetryable === true) {
    if (tooLong.test(failureText(run))) return found("likely", "The run ended at a limit of time or memory, retryable.")
    if (failing >= 2) return found("likely", `The last ${failing} runs that ended all failed, retryable.`)
  }
  const takes = over.flatMap((one) => Run.phaseOf(one.status) === "completed" ? Run.durationOf(one) ?? [] : [])
    .sort((a, b) => a - b)
  const usual = takes[Math.floor(takes.length / 2)]
  const took = run === undefined ? undefined : Run.durationOf(run.run)
  if (took === undefined) return unseen
  const minutes = Math.round(took / 60_000)
  const compared = usual === undefined ? "" : `, usually ${Math.round(usual / 60_000)}`
  if (minutes > 60 || (usual !== undefined && takes.length > 2 && took > 2 * usual)) {
    return found("fact", `The run took ${minutes} minutes${compared}.`)
  }
  // Failures in the past that pointed the same way count where the run at hand is of another kind.
  const limited = over.filter((one) =>
    isRetryableFailure(one) && tooLong.test(`${one.failureReason} ${one.runMessage}`)
  )
  return limited.length === 0 ? clear : found(
    "fact",
    `${limited.length} of the last ${Words.count(over.length, "run")} ended at a limit of time or memory, retryable.`
  )
}

const doubled = (evidence: Evidence): Verdict => {
  const runs = Heard.value(evidence.runs)
  if (runs === undefined) return unseen
  const apart = 15 * 60_000
  const same = (a: typeof runs[number], b: typeof runs[number]) =>
    JSON.stringify(Object.entries(a.parameters ?? {}).sort()) ===
      JSON.stringify(Object.entries(b.parameters ?? {}).sort()) &&
    Math.abs(Date.parse(a.submittedAt ?? "") - Date.parse(b.submittedAt ?? "")) < apart
  const pair =
    runs.flatMap((run, index) =>
      runs.slice(index + 1, index + 3).flatMap((other) => same(run, other) ? [[run, other] as const] : [])
    )[0]
  return pair === undefined ? clear : found(
    "fact",
    `The runs ${quoted(pair[0].name)} and ${quoted(pair[1].name)} have the same values and were submitted within a ` +
      "quarter of an hour."
  )
}

const plan = ({ run }: Evidence): Verdict => {
  const answer = Heard.value(run?.plan)
  if (answer === undefined) return unseen
  if (answer.success !== false) return clear
  const why = Words.said(answer.errorMessage, 200)
  return found(
    isFailed(run) ? "fact" : "likely",
    `Habu gives no plan of this run${why === undefined ? "" : `: ${JSON.stringify(why)}`}.`
  )
}

const packages = /wheel|container|notebook|mlmodel/i

const compute = (evidence: Evidence): Verdict => {
  const question = Heard.value(evidence.question) ?? evidence.placed?.question
  if (question === undefined) return unseen
  const kinds = Object.keys(question.dataTypes ?? {}).filter((name) => packages.test(name))
  if (kinds.length === 0 || !isFailed(evidence.run)) return clear
  const ran = Date.parse(evidence.run?.run.completedAt ?? "") - Date.parse(evidence.run?.run.executedAt ?? "")
  return found(
    ran < 5 * 60_000 ? "likely" : "fact",
    `The question runs a package (${listed(kinds)}), and the run failed ${
      Math.round(ran / 60_000)
    } minutes after its start.`
  )
}

// Rights, dates, settings

const permissions = (evidence: Evidence): Verdict => {
  const all = Heard.value(evidence.permissions)
  if (all === undefined) return unseen
  const kept = all.filter(({ access, permission }) =>
    access === "QUESTION_OWNER_ONLY" && (permission === "RUN" || permission === "VIEW_RESULTS")
  )
  if (kept.length === 0) return clear
  const owner = (Heard.value(evidence.question) ?? evidence.placed?.question)?.ownerOrganizationId
  const isOther = owner !== undefined && evidence.own.size > 0 && !evidence.own.has(owner)
  const names = listed(kept.flatMap(({ permission }) => permission ?? []))
  return found(
    isOther ? "proven" : "fact",
    `${names} ${kept.length === 1 ? "is" : "are"} open to the question's owner only${
      isOther ? ", which is another organisation" : ""
    }.`
  )
}

const openTo = (all: CleanRoomQuestionPermissionsResponse) =>
  new Set(
    all.filter(({ access }) => access === "ALL_CLEAN_ROOM_PARTNERS").flatMap(({ permission }) => permission ?? [])
  )

// What every later question gives partners and this one does not came with a change of the defaults.
const defaults = (evidence: Evidence): Verdict => {
  const all = Heard.value(evidence.permissions)
  const [first, ...rest] = evidence.later.map(openTo)
  if (all === undefined || first === undefined) return unseen
  const own = openTo(all)
  const lacking = [...first].filter((permission) =>
    rest.every((other) => other.has(permission)) && !own.has(permission)
  )
  return lacking.length === 0 ? clear : found(
    "fact",
    `${Words.count(evidence.later.length, "question")} added later give${
      evidence.later.length === 1 ? "s" : ""
    } partners ${listed(lacking, 8)}; this one does not.`
  )
}

const ended = ({ now, placed }: Evidence): Verdict => {
  if (placed === undefined) return unseen
  return Preflight.isExpired(placed.cleanRoom, now)
    ? found("proven", `The clean room ended on ${Text.clean(placed.cleanRoom.endAt ?? "", 20)}.`)
    : clear
}

const capacity = (evidence: Evidence): Verdict => {
  if (evidence.placed === undefined) return unseen
  const type = RoomTypes.nameOf(evidence.placed.cleanRoom, Heard.value(evidence.types))
  if (type === undefined) return unseen
  const asked = evidence.given?.trim().toUpperCase()
  if (!RoomTypes.takesCapacity(type)) return found("fact", `A clean room of type ${type} takes no compute capacity.`)
  if (type !== "Snowflake") return clear
  const isRefused = asked === "MEDIUM" || asked === "XLARGE"
  return found(
    isRefused ? "proven" : "fact",
    `A Snowflake clean room takes DEFAULT or LARGE${isRefused ? `, and ${asked} was asked for` : ""}.`
  )
}

const exporting = (evidence: Evidence): Verdict =>
  evidence.placed === undefined ? unseen : RoomTypes.exporting(evidence.placed.cleanRoom, Heard.value(evidence.types))

const asksForDates = (evidence: Evidence): Verdict => {
  if (Heard.value(evidence.parameters) === undefined) return unseen
  const names = partitionNames(evidence)
  return names.length === 0
    ? clear
    : found("fact", `Datasets of the question are partitioned: each run must give ${listed(names)}.`)
}

const denied = (evidence: Evidence): Verdict => {
  const { connections, datasets, parameters, permissions, question, roomDatasets, runs } = evidence
  const parts = { question, datasets, parameters, permissions, roomDatasets, connections, runs }
  const names = Object.entries(parts).flatMap(([name, heard]) => heard?._tag === "Denied" ? [name] : [])
  return names.length === 0 ? clear : found("proven", `Habu answers 403 for ${listed(names)}, and not for the rest.`)
}

const isUsed = (evidence: Evidence) => {
  const ids = new Set((datasetsOf(evidence) ?? []).flatMap(({ dataConnectionId }) => dataConnectionId ?? []))
  return (Heard.value(evidence.connections) ?? []).filter(({ id }) => id !== undefined && ids.has(id))
}

const connected = (condition: Connection.Condition) => (evidence: Evidence): Verdict => {
  if (Heard.value(evidence.connections) === undefined || datasetsOf(evidence) === undefined) return unseen
  const bad = isUsed(evidence).filter((connection) => Connection.conditionOf(connection) === condition)
  return bad.length === 0
    ? clear
    : found("likely", `The data connection ${listed(bad.map(({ name }) => quoted(name)))} behind it is not complete.`)
}

// A macro has a dataset, and the dataset has no field for what the question reads.
const missingFields = (evidence: Evidence): Verdict => {
  const macros = datasetsOf(evidence)
  if (macros === undefined) return unseen
  const missing = macros.filter(Preflight.isAssigned).flatMap(({ fields, macro }) =>
    (fields ?? []).flatMap(({ name, value }) =>
      value === undefined || value === "" ? [`@${Text.clean(macro ?? "?", 50)}.${Text.clean(name ?? "?", 60)}`] : []
    )
  )
  return missing.length === 0 ? clear : found(
    isFailed(evidence.run) ? "proven" : "likely",
    `The dataset has no field for ${listed(missing)}: it may have come after Habu read the schema.`
  )
}

const isSnowflake = ({ dataSource }: DataConnectionResponse) =>
  /snowflake/i.test(`${dataSource?.name} ${dataSource?.displayName}`)

const snowflake = (words: RegExp, why: string) => (evidence: Evidence): Verdict => {
  if (Heard.value(evidence.connections) === undefined || datasetsOf(evidence) === undefined) return unseen
  const used = isUsed(evidence).filter(isSnowflake)
  if (used.length === 0 || !isFailed(evidence.run) || evidence.run?.run.isRetryable === true) return clear
  const about = `The run failed, and reads ${listed(used.map(({ name }) => quoted(name)))} in Snowflake`
  return words.test(failureText(evidence.run))
    ? found("likely", `${about}; Habu's record of it speaks of ${why}.`)
    : found("fact", `${about}.`)
}

const keys = (evidence: Evidence): Verdict =>
  /\bkms\b/i.test(failureText(evidence.run))
    ? found("likely", "Habu's record of the failed run speaks of a KMS key.")
    : unseen

/**
 * The detectors for questions and their runs.
 *
 * @since 0.1.0
 * @category constants
 */
export const detectors: Detectors<Evidence> = {
  "T-04": denied,
  "T-08": doubled,
  "T-09": ownMacros,
  "T-10": partnerMacros,
  "T-11": macroCase,
  "T-12": personalOutput,
  "T-13": rules,
  "T-14": smallGroups,
  "T-15": noise,
  "T-16": noRows,
  "T-17": noMatch,
  "T-18": connected("failed"),
  "T-20": connected("mapping"),
  "T-21": connected("waiting"),
  "T-27": missingFields,
  "T-29": snowflake(/warehouse|privilege|\bgrants?\b|\bUSAGE\b|\bOPERATE\b/i, "a warehouse or of rights"),
  "T-30": snowflake(/\bhybrid\b|\bnative\b|clean room type|type of clean room/i, "the type of the clean room"),
  "T-32": keys,
  "T-33": asksForDates,
  "T-34": slowness,
  "T-35": capacity,
  "T-36": ended,
  "T-39": permissions,
  "T-40": defaults,
  "T-43": exporting,
  "T-52": plan,
  "T-55": rampIds,
  "T-57": compute
}
