// Digits that somebody wrote, to be tapped, and what takes a drawing away.
export default function ({ data, parentElement, setTriggerValue }) {
  const written = parentElement.querySelector(".written")
  if (!written.children.length) {
    written.append(...data.pictures.map(() => document.createElement("button")))
    ;[...written.children].forEach((button) => button.append(document.createElement("img")))
  }
  data.pictures.forEach((picture, place) => {
    const button = written.children[place]
    button.type = "button"
    button.setAttribute("aria-pressed", place === data.pressed)
    button.onclick = () => setTriggerValue("tapped", place)
    button.firstChild.src = picture
    button.firstChild.alt = data.names[place]
  })
  parentElement.querySelector("p").textContent = data.words
  const clear = parentElement.querySelector(".clear")
  clear.style.visibility = data.drawn ? "visible" : "hidden" // its place is kept, so that nothing moves
  clear.onclick = () => setTriggerValue("clear", true)
}
