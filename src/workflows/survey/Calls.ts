/**
 * The calls that carry out what a survey suggests.
 *
 * @since 0.1.0
 */
import type { CleanRoomQuestion } from "../../habu/api/CleanRoomQuestions.js"
import type { CleanRoom } from "../../habu/api/CleanRooms.js"
import type { DataConnectionResponse } from "../../habu/api/DataConnections.js"
import * as Words from "../Words.js"
import type { NextStep } from "../Workflow.js"

/**
 * What a question lacks to be READY.
 *
 * @since 0.1.0
 * @category constructors
 */
export const checkQuestion = (question: CleanRoomQuestion): NextStep => ({
  tool: "execute_question_workflow",
  arguments: { question: Words.handle(question), dry_run: true },
  why: "See what the question lacks; nothing is started."
})

/**
 * Why a question's runs fail.
 *
 * @since 0.1.0
 * @category constructors
 */
export const diagnose = (question: CleanRoomQuestion): NextStep => ({
  tool: "troubleshoot_issues",
  arguments: { question: Words.handle(question) },
  why: "Find the cause, and what mends it."
})

/**
 * The runs of a question.
 *
 * @since 0.1.0
 * @category constructors
 */
export const seeRuns = (question: CleanRoomQuestion): NextStep => ({
  tool: "find_resources",
  arguments: { kind: "runs", question: Words.handle(question) },
  why: "See its runs."
})

/**
 * The partners and invitations of a clean room.
 *
 * @since 0.1.0
 * @category constructors
 */
export const seePartners = (cleanRoom: CleanRoom): NextStep => ({
  tool: "onboard_partner",
  arguments: { clean_room: Words.handle(cleanRoom), action: "track" },
  why: "See how far each invitation is and what it needs."
})

/**
 * The datasets of a clean room.
 *
 * @since 0.1.0
 * @category constructors
 */
export const seeDatasets = (cleanRoom: CleanRoom): NextStep => ({
  tool: "find_resources",
  arguments: { kind: "datasets", clean_room: Words.handle(cleanRoom) },
  why: "See its datasets."
})

/**
 * A data connection and what to do about it.
 *
 * @since 0.1.0
 * @category constructors
 */
export const seeConnection = ({ name = "" }: DataConnectionResponse): NextStep => ({
  tool: "find_resources",
  arguments: { kind: "data_connections", name: Words.said(name, 100) ?? "" },
  why: "See what the data connection needs."
})

/**
 * A closer look at one clean room.
 *
 * @since 0.1.0
 * @category constructors
 */
export const lookAt = (cleanRoom: CleanRoom): NextStep => ({
  tool: "monitor_cleanroom_status",
  arguments: { clean_room: Words.handle(cleanRoom) },
  why: `See all of ${Words.title(cleanRoom)}.`
})
