// A sheet to draw on with a mouse, a pen or a finger. After every stroke it tells the page the strokes that are on it: how wide
// the pen was and where it was, in pixels of a sheet of 280x280, however large that is shown.
const SIDE = 280
const FINE = 4 // places to a pixel: between whole ones a slow line would tremble on a sharp screen
const FAINT = 0.75 // of the hint
const pads = new WeakMap()

export default function ({ data, parentElement, setStateValue, setTriggerValue }) {
  let pad = pads.get(parentElement)
  if (!pad) {
    pad = new Pad(parentElement.querySelector(".sheet"))
    pads.set(parentElement, pad)
  }
  pad.tell = setStateValue
  pad.ask = setTriggerValue
  pad.take(data)
  addEventListener("resize", pad.draw) // the browser's zoom, too, changes how many dots there are
  return () => removeEventListener("resize", pad.draw)
}

class Pad {
  constructor(sheet) {
    this.sheet = sheet
    this.drawn = 0
    this.strokes = []
    this.draw = this.draw.bind(this)
    sheet.onpointerdown = (event) => this.down(event)
    sheet.onpointermove = (event) => this.move(event)
    sheet.onlostpointercapture = (event) => this.up(event) // however the stroke ends, and wherever
    sheet.onkeydown = (event) => this.key(event)
    sheet.ontransitionend = this.draw // in the ink of the other theme
    sheet.hidden = false // nobody sees a sheet before it can be drawn on
    document.fonts.ready.then(this.draw) // the hint's letters
  }

  // The page has a say in what lies on the sheet: it takes strokes back. It may not have heard of the last ones: they stay.
  take(data) {
    this.sheet.setAttribute("aria-label", data.label)
    const unheard = this.drawn - data.drawn
    this.strokes = unheard > 0 ? [...data.strokes, ...this.strokes.slice(-unheard)] : data.strokes
    this.drawn = Math.max(this.drawn, data.drawn)
    this.data = data
    this.draw()
  }

  down(event) {
    if (this.stroke || !event.isPrimary || event.button !== 0 || this.strokes.length >= this.data.most_strokes) return
    this.stroke = { width: this.data.pen, points: [] }
    this.pointer = event.pointerId
    this.sheet.setPointerCapture(event.pointerId)
    this.move(event)
  }

  move(event) {
    if (!this.stroke || event.pointerId !== this.pointer) return
    const box = this.sheet.getBoundingClientRect()
    const { clientLeft, clientWidth } = this.sheet
    for (const { clientX, clientY } of [...(event.getCoalescedEvents?.() ?? []), event]) {
      this.add([clientX - box.left, clientY - box.top].map((at) => (at - clientLeft) / clientWidth))
    }
    this.draw()
  }

  // A place from 0 to 1 on either side; beyond that it is outside.
  add(place) {
    const { points } = this.stroke
    const point = place.map((share) => Math.round(share * SIDE * FINE) / FINE)
    if (String(points.at(-1)) !== String(point)) points.push(point)
    if (points.length > this.data.most_points) points.splice(leastOf(points), 1)
  }

  up(event) {
    if (!this.stroke || event.pointerId !== this.pointer) return
    this.strokes = [...this.strokes, this.stroke]
    this.stroke = null
    this.drawn++
    this.tell("paper", { drawn: this.drawn, strokes: this.strokes })
  }

  key(event) {
    if (!(event.ctrlKey || event.metaKey) || event.shiftKey || event.key.toLowerCase() !== "z") return
    event.preventDefault()
    this.ask("undo", true)
  }

  draw() {
    const dots = Math.round(this.sheet.clientWidth * devicePixelRatio)
    if (this.sheet.width !== dots || this.sheet.height !== dots) this.sheet.width = this.sheet.height = dots
    const brush = this.sheet.getContext("2d")
    brush.setTransform(dots / SIDE, 0, 0, dots / SIDE, 0, 0)
    brush.clearRect(0, 0, SIDE, SIDE)
    const { color, fontFamily } = getComputedStyle(this.sheet)
    brush.strokeStyle = brush.fillStyle = color
    if (this.data.hint && !this.stroke && !this.strokes.length) this.invite(brush, fontFamily)
    brush.lineCap = brush.lineJoin = "round"
    for (const { width, points } of this.stroke ? [...this.strokes, this.stroke] : this.strokes) {
      const [x, y] = points[0]
      brush.lineWidth = width
      brush.beginPath()
      brush.moveTo(x + 0.01, y) // a line of no length would not be seen, and a tap is a dot
      for (const point of points) brush.lineTo(...point)
      brush.stroke()
    }
  }

  // Says on empty paper what it is there for.
  invite(brush, fontFamily) {
    brush.globalAlpha = FAINT
    brush.font = `600 26px ${fontFamily}`
    brush.textAlign = "center"
    brush.fillText(this.data.hint, SIDE / 2, SIDE / 2 + 9)
    brush.globalAlpha = 1
  }
}

// The point without which a line changes least: the triangle with its neighbours is the smallest (M. Visvalingam, J. Whyatt,
// "Line generalisation by repeated elimination of points", 1993).
function leastOf(points) {
  const area = ([x0, y0], [x1, y1], [x2, y2]) => Math.abs((x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0))
  const areas = points.slice(1, -1).map((point, i) => area(points[i], point, points[i + 2]))
  return 1 + areas.indexOf(Math.min(...areas))
}
