// Gives the browser its name, once: a cookie that every tab sends from then on, and the next visit too.
export default function ({ data }) {
  const secure = location.protocol === "https:" ? "; Secure" : ""
  document.cookie = `${data.cookie}; Max-Age=31536000; Path=/; SameSite=Lax${secure}`
}
