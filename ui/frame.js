// What every page listens for. In a narrow window the sidebar lies over the page, and settings stand above what they lead to;
// and by keyboard what lies side by side is one stop, in which arrows lead from one to the next.
const NARROW = "(max-width: 640px)"
const WORD = "a[href*='glossary#']" // of the field, in a passage
const TOOLS = "[data-testid=stElementToolbar], [class*=st-key-gallery], .st-key-excite_most, .st-key-excite_least" // buttons
const PAGES = ".st-key-pages, .st-key-onward, .st-key-further, .st-key-back_to_train, .st-key-cell_runs" // links to pages
const HELP = ".st-key-scores, .st-key-facts, .st-key-certainty_scores" // what numbers mean
const ROW = `${TOOLS}, ${PAGES}, ${HELP}, [data-testid=stPagination], p:has(${WORD}), ul:has(${WORD})`
const STOP = `button:enabled, ${WORD}, [data-testid=stPageLink-NavLink]`
const STEPS = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1, Home: -Infinity, End: Infinity }
const folded = new WeakSet()
let arrived = false // whether the place on the page that the address names has been shown
let themed = null // watches for another theme
let watching = null // for settings that are not there yet: one is enough, however often the page is drawn

export default function ({ data }) {
  recognise(data.cookie)
  const listening = new AbortController()
  const listen = (name, heard) => document.addEventListener(name, heard, { signal: listening.signal })
  listen("click", close)
  listen("focusin", enter)
  listen("keydown", step)
  theme()
  fold()
  arrive()
  return () => listening.abort()
}

// Gives a browser that has none its name: a cookie that every tab sends from then on, and the next visit too.
function recognise(cookie) {
  const secure = location.protocol === "https:" ? "; Secure" : ""
  if (cookie) document.cookie = `${cookie}; Max-Age=31536000; Path=/; SameSite=Lax${secure}`
}

// Whoever has chosen a page wants to see it.
function close(event) {
  const sidebar = event.target.closest?.("[data-testid=stSidebar]")
  if (!sidebar || !event.target.closest("a") || !matchMedia(NARROW).matches) return
  sidebar.querySelector("[data-testid=stSidebarCollapseButton] button")?.click()
}

// Of a row the button or word that has the focus is the only one that Tab stops at, so that the next Tab leaves the row.
function enter(event) {
  const row = event.target.closest?.(ROW)
  if (!row || !event.target.matches(STOP)) return
  if (row.matches(TOOLS)) row.setAttribute("role", "toolbar")
  only(row, event.target)
}

function only(row, one) {
  row.querySelectorAll(STOP).forEach((stop) => (stop.tabIndex = stop === one ? 0 : -1))
}

// Those of a row that are to be seen: only they can have the focus.
function stopsOf(row) {
  return [...row.querySelectorAll(STOP)].filter((stop) => stop.checkVisibility())
}

function step(event) {
  if (event.key === "Tab") return reach()
  const row = event.target.closest?.(ROW)
  if (!row || !(event.key in STEPS) || event.ctrlKey || event.altKey || event.metaKey) return
  const stops = stopsOf(row)
  const at = stops.indexOf(event.target)
  if (at < 0 || stops.length === 1) return
  event.preventDefault()
  stops[Math.max(0, Math.min(stops.length - 1, at + STEPS[event.key]))].focus()
}

// Before Tab goes on: every row has one stop, also one whose stop is gone, or has come anew, because other things are shown.
function reach() {
  for (const row of document.querySelectorAll(ROW)) {
    const stops = stopsOf(row)
    const open = stops.filter((stop) => stop.tabIndex >= 0)
    if (stops.length && open.length !== 1) only(row, stops.find((stop) => stop === document.activeElement) ?? open[0] ?? stops[0])
  }
}

// What opens above the page stands outside of it, where Streamlit says nothing of the theme: colours that depend on it would be light.
function theme() {
  const app = document.querySelector("[data-testid=stApp]")
  const follow = () => (document.documentElement.style.colorScheme = getComputedStyle(app).colorScheme)
  follow()
  themed?.disconnect()
  themed = new MutationObserver(follow)
  themed.observe(app, { attributes: true, attributeFilter: ["class"] })
}

// Settings that may be folded are, once, as soon as they are there; whoever unfolds them has them unfolded.
function fold() {
  if (!matchMedia(NARROW).matches) return
  const look = () => {
    const settings = document.querySelector(".st-key-folded_when_narrow details")
    if (!settings || folded.has(settings)) return Boolean(settings)
    folded.add(settings)
    if (settings.open) settings.querySelector("summary").click()
    return true
  }
  watching?.disconnect()
  if (look()) return
  watching = new MutationObserver(() => look() && watching.disconnect())
  watching.observe(document.body, { childList: true, subtree: true })
  setTimeout((one) => one.disconnect(), 10_000, watching)
}

// Whoever comes by a link to a place on a page sees it, though what stands above is still being drawn and may yet grow; until
// they move themselves.
function arrive() {
  if (arrived || !location.hash) return
  arrived = true
  const show = () => document.getElementById(location.hash.slice(1))?.scrollIntoView()
  const growing = new ResizeObserver(show)
  growing.observe(document.querySelector("[data-testid=stMainBlockContainer]"))
  const enough = new AbortController()
  enough.signal.addEventListener("abort", () => growing.disconnect())
  for (const name of ["wheel", "touchstart", "pointerdown", "keydown"]) {
    document.addEventListener(name, () => enough.abort(), { signal: enough.signal, passive: true })
  }
  setTimeout(() => enough.abort(), 5_000)
}
