namespace Ensen.Ui.Scenes;

/// <summary>Pictures of places where one sits down to eat or drink. The counter's edge is at 92.</summary>
internal static class Eating
{
    public static readonly Dictionary<string, Drawing> Drawings = new()
    {
        ["cafe"] = new(Roof.Awning, """
            <path d="M66 34q-6 7 0 13M80 30q-6 8 0 16M94 34q-6 7 0 13" stroke="#fff" stroke-width="4" fill="none" stroke-linecap="round" opacity=".85"/><path d="M106 62q18-2 16 10t-20 10" stroke="$p" stroke-width="7" fill="none"/><path fill="$p" d="M50 54h60q0 38-20 38H70q-20 0-20-38z"/><ellipse cx="80" cy="55" rx="30" ry="7" fill="#6b4023"/><path fill="#e8cfae" d="M80 60q-12-5-7-8 5-2 7 1 2-3 7-1 5 3-7 8z"/><path fill="$a" d="M40 92h80q-4 8-14 8H54q-10 0-14-8z"/>
            """),
        ["kissaten"] = new(Roof.Open, """
            <path fill="$k" d="M78 0h4v16h-4z"/><path fill="$a" d="M62 34q0-18 18-20 18 2 18 20z"/><path fill="#ffe9a8" opacity=".6" d="M62 34h36l16 24H46z"/><path fill="#5fae7a" d="M44 52h28l-5 38H49z"/><path fill="#8fd0a0" d="M44 52h28l-1 6H45z"/><path fill="$p" d="M47 51q0-12 11-12t11 12z"/><circle cx="63" cy="39" r="4" fill="#d6372f"/><path d="M66 50l8-18" stroke="$a" stroke-width="3"/><path fill="$p" d="M84 70h34q0 22-10 22H94q-10 0-10-22z"/><path d="M117 75q10-1 9 6t-12 6" stroke="$p" stroke-width="4" fill="none"/><ellipse cx="101" cy="71" rx="17" ry="4" fill="#4b2b17"/>
            """),
        ["ramen"] = new(Roof.Curtain, """
            <path d="M64 36q-5 5 0 10M94 36q-5 5 0 10" stroke="#fff" stroke-width="4" fill="none" stroke-linecap="round" opacity=".8"/><path d="M96 62l30-28M102 64l30-26" stroke="#7a4a28" stroke-width="3.5" stroke-linecap="round"/><ellipse cx="80" cy="62" rx="46" ry="12" fill="#d99a4a"/><path d="M48 62q8-6 14 0t14 0 14 0 14 0" stroke="#f7df9d" stroke-width="4" fill="none"/><ellipse cx="64" cy="58" rx="13" ry="6" fill="$p"/><circle cx="64" cy="58" r="4" fill="#f0a02f"/><path fill="#20382b" d="M90 42h20v18H90z"/><circle cx="82" cy="64" r="6" fill="$p"/><path d="M82 61q4 1 2 4t-4 1" stroke="#e0697c" stroke-width="2" fill="none"/><path fill="$a" d="M34 62q46 18 92 0-2 26-26 32H60q-24-6-26-32z"/><path d="M42 74q38 14 76 0" stroke="$p" stroke-width="3" fill="none" stroke-dasharray="6 5"/>
            """),
        ["udon"] = new(Roof.Curtain, """
            <path d="M70 38q-5 5 0 10M88 36q-5 5 0 10" stroke="#fff" stroke-width="4" fill="none" stroke-linecap="round" opacity=".8"/><ellipse cx="80" cy="62" rx="46" ry="12" fill="#e7c68d"/><path d="M44 64q10-8 18 0t18 0 18 0 18-2" stroke="#fff8e6" stroke-width="6" fill="none"/><path fill="#cf8a3a" d="M66 52l30-6 10 12-30 8z"/><path fill="#e3a655" d="M69 53l26-5 4 5-26 6z"/><g fill="#5c9448"><circle cx="56" cy="58" r="3"/><circle cx="63" cy="64" r="3"/><circle cx="50" cy="63" r="2.5"/></g><path fill="#24364a" d="M34 62q46 18 92 0-2 26-26 32H60q-24-6-26-32z"/><path d="M40 72q40 16 80 0" stroke="$a" stroke-width="4" fill="none"/>
            """),
        ["sushi"] = new(Roof.Curtain, """
            <path fill="#b98850" d="M18 82h124v8H18zM30 90h10v6H30zM120 90h10v6h-10z"/><path fill="$p" d="M28 68h34q6 14-2 14H30q-8 0-2-14zM68 68h34q6 14-2 14H70q-8 0-2-14z"/><path fill="#e0604a" d="M24 68q4-14 22-14t22 12q-6 6-20 5t-24-3z"/><path d="M34 60l6 8M46 57l6 11" stroke="#f4b3a2" stroke-width="3"/><path fill="#f2c14a" d="M66 70q0-14 20-14t20 14z"/><path fill="#20382b" d="M82 55h8v27h-8zM112 58h22v24h-22z"/><ellipse cx="123" cy="58" rx="11" ry="5" fill="$p"/><g fill="#e5732f"><circle cx="118" cy="56" r="3.5"/><circle cx="124" cy="54" r="3.5"/><circle cx="128" cy="58" r="3.5"/></g>
            """),
        ["izakaya"] = new(Roof.Curtain, """
            <path fill="$k" d="M34 28h20v5H34zM36 80h16v5H36z"/><path fill="#d3402d" d="M36 32h16q14 24 0 49H36q-14-25 0-49z"/><path d="M29 44h30M27 56h34M29 68h30" stroke="#a82a1c" stroke-width="2"/><path fill="#ffe9a8" opacity=".8" d="M41 44h6v24h-6z"/><path fill="#e9a933" d="M78 56h36v36H78z"/><path d="M86 62v24M96 62v24M106 62v24" stroke="#c98820" stroke-width="3"/><path d="M114 64h8q6 0 6 6v6q0 6-6 6h-8" stroke="#e9a933" stroke-width="5" fill="none"/><path fill="$p" d="M74 58q-4-10 6-12 4-8 14-5 8-5 14 2 12 0 10 12-2 5-8 3-4 6-9 1-6 5-11 0-5 5-9 1-5 2-7-2z"/>
            """),
        ["takoyaki"] = new(Roof.Curtain, """
            <path fill="#d9b271" d="M24 76h112l-14 20H38z"/><path fill="#b98850" d="M24 76h112l-2 4H26z"/><g fill="#b8682a"><circle cx="48" cy="66" r="14"/><circle cx="80" cy="64" r="14"/><circle cx="112" cy="66" r="14"/></g><g fill="#5a2c14"><path d="M35 62q12-14 26 0-4 6-8 2-4 5-9 0-5 4-9-2zM67 60q12-14 26 0-4 6-8 2-4 5-9 0-5 4-9-2zM99 62q12-14 26 0-4 6-8 2-4 5-9 0-5 4-9-2z"/></g><path d="M40 58q8-5 14 1M72 56q8-5 14 1M104 58q8-5 14 1" stroke="#fff3cf" stroke-width="2.5" fill="none"/><g fill="#5c9448"><circle cx="46" cy="63" r="2"/><circle cx="80" cy="62" r="2"/><circle cx="114" cy="63" r="2"/></g><path d="M80 52l16-22" stroke="#e3c48d" stroke-width="3" stroke-linecap="round"/>
            """),
        ["okonomiyaki"] = new(Roof.Curtain, """
            <path fill="$k" d="M14 82h132v12H14z"/><ellipse cx="76" cy="76" rx="50" ry="14" fill="#c98545"/><ellipse cx="76" cy="70" rx="50" ry="14" fill="#7a3a18"/><path d="M34 70l14-8 10 16 14-19 10 22 14-21 10 17 10-9" stroke="#fff3cf" stroke-width="3" fill="none" stroke-linejoin="round"/><g fill="#5c9448"><circle cx="60" cy="68" r="2.5"/><circle cx="88" cy="72" r="2.5"/><circle cx="74" cy="63" r="2.5"/></g><path fill="#b9c2c8" d="M112 50l24 10-8 16-24-10z"/><path d="M126 54l14-22" stroke="#7a4a28" stroke-width="6" stroke-linecap="round"/>
            """),
        ["curry"] = new(Roof.Awning, """
            <ellipse cx="80" cy="84" rx="58" ry="14" fill="$p"/><ellipse cx="80" cy="80" rx="48" ry="10" fill="#e9e2d6"/><path fill="#a8611f" d="M76 82q-2-18 20-20 28 2 28 18-20 10-48 2z"/><path fill="#fff" d="M36 80q0-24 24-26 24 4 20 26-22 8-44 0z"/><circle cx="100" cy="72" r="5" fill="#e9762f"/><circle cx="113" cy="77" r="4" fill="#e0b45a"/><circle cx="90" cy="79" r="4" fill="#e0b45a"/><path fill="#d6372f" d="M54 54q6-6 12 0-6 5-12 0z"/>
            """),
    };
}
