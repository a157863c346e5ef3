// What a narrow window needs: there the sidebar lies over the page, and settings stand above what they lead to.
const NARROW = "(max-width: 640px)"
const folded = new WeakSet()
let watching = null // for settings that are not there yet: one is enough, however often the page is drawn

export default function () {
  const listening = new AbortController()
  document.addEventListener("click", close, { signal: listening.signal })
  fold()
  return () => listening.abort()
}

// Whoever has chosen a page wants to see it.
function close(event) {
  const sidebar = event.target.closest?.("[data-testid=stSidebar]")
  if (!sidebar || !event.target.closest("a") || !matchMedia(NARROW).matches) return
  sidebar.querySelector("[data-testid=stSidebarCollapseButton] button")?.click()
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
