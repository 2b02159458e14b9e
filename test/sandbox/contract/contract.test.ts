/**
 * Walks the contract in a sandbox that keeps to it, operation by operation.
 */
import { cleanRooms } from "./cleanRooms.js"
import { walk } from "./Walk.js"

walk("clean rooms", cleanRooms)
