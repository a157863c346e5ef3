// A network as the row of its layers. Pointing at one, focussing or tapping it tells what it does; it stays told until another is.
const SVG = "http://www.w3.org/2000/svg"
const MOST = 5 // maps of a stack, and units of a column, that are drawn: more are too small to see

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".network")
  const row = root.querySelector(".layers")
  const drawn = JSON.stringify(data.layers)
  if (root.dataset.drawn === drawn) return
  root.dataset.drawn = drawn
  for (const stops of [row, root.querySelector("p")]) stops.onkeydown = along
  const told = Number(root.dataset.told ?? 1)
  row.replaceChildren(...data.layers.map((layer, i) => button(root, layer, i)))
  tell(root, data.layers, Math.min(told, data.layers.length - 1))
}

function button(root, layer, place) {
  const made = document.createElement("button")
  made.type = "button"
  const name = document.createElement("b")
  name.textContent = layer.name
  const head = document.createElement("span")
  head.textContent = layer.head
  made.append(picture(layer.shape), name, head)
  const now = () => tell(root, JSON.parse(root.dataset.drawn), place)
  for (const event of ["pointerenter", "focus", "click"]) made.addEventListener(event, now)
  return made
}

function tell(root, layers, place) {
  root.dataset.told = place
  const buttons = root.querySelectorAll("button")
  buttons.forEach((one, i) => {
    one.setAttribute("aria-pressed", String(i === place))
    one.tabIndex = i === place ? 0 : -1
  })
  const { name, learns, words, marks } = layers[place]
  root.querySelector("p").replaceChildren(`${name}: ${learns} `, ...linked(words, marks))
}

// Words with those of the glossary as links to it, as ui/words.py has them in Markdown: [from, to, where it is, what it says].
function linked(words, marks) {
  const parts = []
  let at = 0
  for (const [start, end, slug, says] of marks) {
    const link = document.createElement("a")
    Object.assign(link, { href: `glossary#${slug}`, target: "_blank", title: says, textContent: words.slice(start, end) })
    parts.push(words.slice(at, start), link)
    link.tabIndex = parts.length > 2 ? -1 : 0
    at = end
  }
  return [...parts, words.slice(at)]
}

// A row is one stop of the keyboard, and arrow keys lead along it, as in ui/frame.js.
function along(event) {
  const stops = [...event.currentTarget.querySelectorAll("a, button")]
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
  if (!step || !stops.includes(event.target)) return
  event.preventDefault()
  stops[(stops.indexOf(event.target) + step + stops.length) % stops.length].focus()
}

// Maps as a stack of squares, as large as they are beside the image; units as a column of dots, as high as there are many.
function picture(shape) {
  const svg = element("svg", { viewBox: "0 0 60 52", "aria-hidden": "true" })
  if (shape.length === 3) {
    const [maps, side] = shape
    const size = 6 + (28 * side) / 28
    const shown = Math.min(maps, MOST)
    for (let i = shown - 1; i >= 0; i--) {
      const x = 30 - size / 2 + 4 * (i - (shown - 1) / 2)
      const y = 26 - size / 2 - 3 * (i - (shown - 1) / 2)
      svg.append(element("rect", { x, y, width: size, height: size, rx: 2 }))
    }
  } else {
    const shown = Math.max(2, Math.round(2 + 2 * Math.log2(shape[0] / 8)))
    const step = Math.min(8, 46 / shown)
    for (let i = 0; i < shown; i++) {
      svg.append(element("circle", { cx: 30, cy: 26 + step * (i - (shown - 1) / 2), r: step / 2.6 }))
    }
  }
  return svg
}

function element(name, attributes) {
  const made = document.createElementNS(SVG, name)
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value)
  return made
}
