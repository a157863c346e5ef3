// A table of Streamlit's opens a row by Shift and Space, or by the box in front of it. Here Enter, Space and a click on any
// cell of a row do the same. Focus alone, and the arrow keys, open nothing.
const HEAD = 36 // pixels: a click on the head sorts
const CANVAS = '[data-testid="data-grid-canvas"]'

export default function ({ data }) {
  const table = `.st-key-${data.table}`
  const listening = new AbortController()
  const listen = (name, heard) => document.addEventListener(name, heard, { capture: true, signal: listening.signal })
  listen("keydown", (event) => {
    const canvas = event.target.closest?.(`${table} ${CANVAS}`)
    const plain = !(event.shiftKey || event.ctrlKey || event.altKey || event.metaKey)
    if (!canvas || !plain || !["Enter", " "].includes(event.key)) return
    event.preventDefault()
    event.stopPropagation()
    open(canvas)
  })
  listen("click", (event) => {
    const cells = event.target.closest?.(`${table} .dvn-scroller`)
    const place = cells?.getBoundingClientRect()
    const x = event.clientX - place?.left, y = event.clientY - place?.top
    if (!cells || y < HEAD || x > cells.clientWidth || y > cells.clientHeight) return // or on a scroll bar
    setTimeout(() => open(document.querySelector(`${table} ${CANVAS}`))) // once the table has taken note of the cell
  })
  return () => listening.abort()
}

function open(canvas) {
  if (!canvas || canvas.querySelector('tr[aria-selected="true"]')) return // the box was clicked
  canvas.dispatchEvent(new KeyboardEvent("keydown", { key: " ", code: "Space", shiftKey: true, bubbles: true }))
}
