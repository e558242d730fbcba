namespace Ensen.Ui.Scenes;

/// <summary>Pictures of shops that sell things. The counter's edge is at 92.</summary>
internal static class Goods
{
    public static readonly Dictionary<string, Drawing> Drawings = new()
    {
        ["shop"] = new(Roof.Awning, """
            <path fill="#c9a06b" d="M46 52h68v40H46z"/><path fill="#b58a54" d="M46 52h68l-6-12H52z"/><path fill="$p" d="M72 40h16l2 12v14H70V52z"/><path d="M46 52h68" stroke="#9a7442" stroke-width="2"/>
            """),
        ["florist"] = new(Roof.Awning, """
            <path d="M80 74L58 46M80 74l2-40M80 74l26-28M80 74L70 52M80 74l16-22" stroke="#4f8a45" stroke-width="3"/><g fill="$a"><circle cx="56" cy="46" r="12"/><circle cx="104" cy="46" r="12"/></g><g fill="#f3b8bb"><circle cx="80" cy="40" r="13"/></g><g fill="#f2c14a"><circle cx="80" cy="40" r="5"/><circle cx="68" cy="60" r="7"/><circle cx="95" cy="60" r="7"/></g><g fill="$p"><circle cx="56" cy="46" r="4.5"/><circle cx="104" cy="46" r="4.5"/></g><path fill="#6fa85a" d="M44 66q14-8 26 6-16 8-26-6zM116 66q-14-8-26 6 16 8 26-6z"/><path fill="$b" d="M60 70h40l-6 24H66z"/><path fill="$p" opacity=".35" d="M61 74h38l-1 5H62z"/>
            """),
        ["bookshop"] = new(Roof.Awning, """
            <path fill="#7a4a28" d="M18 88h124v5H18z"/><path fill="$a" d="M28 44h15v44H28z"/><path fill="$p" d="M31 52h9v4h-9zM31 60h9v2h-9z"/><path fill="$b" d="M44 36h12v52H44z"/><path fill="#e2a02d" d="M57 48h16v40H57z"/><path fill="$p" d="M60 54h10v8H60z"/><path fill="#5f8f82" d="M74 40h11v48H74z"/><path fill="$p" d="M76 46h7v3h-7zM76 78h7v3h-7z"/><path fill="#b8322f" d="M87 46l14-4 12 44-14 3z"/><path fill="$p" d="M108 78h28v10h-28z"/><path fill="$a" d="M106 76h30v4h-30zM106 86h30v3h-30z"/><path fill="$b" d="M110 66h24v10h-24z"/>
            """),
        ["stationery"] = new(Roof.Awning, """
            <path fill="$b" d="M36 62h34v32H36z"/><path fill="#f2c14a" d="M42 30l5-8 5 8v32H42z"/><path fill="$k" d="M45.5 25l1.5-3 1.5 3z"/><path fill="$a" d="M54 36h6v26h-6zM62 30h6l-1 32h-5z"/><path fill="$p" d="M84 46h44v46H84z"/><path fill="$a" d="M84 46h9v46h-9z"/><path d="M99 58h22M99 66h22M99 74h14" stroke="#9fb0ba" stroke-width="2.5"/><path fill="#eda6ae" d="M66 84h20l4 8H62z"/>
            """),
        ["toys"] = new(Roof.Awning, """
            <path fill="$a" d="M84 72h46v14H84z"/><path fill="$b" d="M84 52h20v20H84z"/><path fill="#bfe0ee" d="M88 56h12v9H88z"/><path fill="$k" d="M114 58h8v14h-8z"/><g fill="$k"><circle cx="94" cy="87" r="7"/><circle cx="120" cy="87" r="7"/></g><g fill="#f2c14a"><circle cx="94" cy="87" r="3"/><circle cx="120" cy="87" r="3"/></g><g fill="#b97a3c"><circle cx="38" cy="44" r="7"/><circle cx="64" cy="44" r="7"/><circle cx="51" cy="54" r="17"/><path d="M34 94q-2-26 17-26t17 26z"/></g><ellipse cx="51" cy="60" rx="7" ry="5.5" fill="#f2dcb8"/><g fill="$k"><circle cx="45" cy="51" r="2"/><circle cx="57" cy="51" r="2"/><path d="M48.5 57h5l-2.5 3z"/></g>
            """),
        ["clothing"] = new(Roof.Awning, """
            <path d="M20 34h120" stroke="$k" stroke-width="3"/><path d="M56 42q0-6 4-8M108 42q0-6 4-8" stroke="$k" stroke-width="2.5" fill="none"/><path fill="$b" d="M44 44l12-4q4 6 8 0l12 4 12 14-10 7-4-5v28H46V60l-4 5-10-7z"/><path d="M46 68h28M46 75h28" stroke="$p" stroke-width="3"/><path fill="#e2a02d" d="M98 42l4-2q6 8 12 0l4 2-2 18 12 28H88l12-28z"/><path d="M100 60h16" stroke="$a" stroke-width="4"/>
            """),
        ["shoes"] = new(Roof.Awning, """
            <path fill="#7a4a28" d="M28 92V62h26q2 12 20 15 12 2 14 15z"/><path fill="$p" d="M26 88h64v5H26z"/><path d="M54 66l8-4M58 71l8-5M64 75l7-5" stroke="$p" stroke-width="2.5"/><path fill="$a" d="M92 92V58h8q6 18 22 22 14 2 14 12h-16q-12-2-22-16v16z"/>
            """),
        ["electronics"] = new(Roof.Awning, """
            <path fill="$k" d="M24 40h76v46H24zM54 86h16v6H54z"/><path fill="#7fb8d6" d="M28 44h68v38H28z"/><path fill="#5f8f82" d="M28 82V70l18-14 16 14 12-9 22 16v5z"/><circle cx="80" cy="54" r="6" fill="#fff3cf"/><path fill="$p" d="M110 50h24v42h-24z"/><circle cx="122" cy="62" r="6" fill="$k"/><circle cx="122" cy="79" r="9" fill="$k"/><circle cx="122" cy="79" r="4" fill="$a"/>
            """),
        ["optician"] = new(Roof.Awning, """
            <circle cx="54" cy="66" r="20" fill="#fff" opacity=".7"/><circle cx="106" cy="66" r="20" fill="#fff" opacity=".7"/><g fill="none" stroke="$a" stroke-width="7" stroke-linecap="round"><circle cx="54" cy="66" r="20"/><circle cx="106" cy="66" r="20"/><path d="M74 62q6-6 12 0M34 62l-12-8M126 62l12-8"/></g><path d="M44 60q4-8 12-8M96 60q4-8 12-8" stroke="#fff" stroke-width="4" fill="none" stroke-linecap="round"/>
            """),
        ["souvenir"] = new(Roof.Awning, """
            <path fill="$p" d="M54 92q-18-20-6-40l-4-16 14 8q6-2 12 0l14-8-4 16q12 20-6 40z"/><path d="M56 58q3-3 6 0M70 58q3-3 6 0M63 66l3 2 3-2" stroke="$k" stroke-width="2.5" fill="none" stroke-linecap="round"/><path fill="#d6372f" d="M52 74q14 6 28 0v5q-14 6-28 0z"/><circle cx="66" cy="83" r="5" fill="#f2c14a"/><path fill="$p" d="M88 54q8-8 10 4v12H86z"/><path fill="$b" d="M96 66h40v26H96z"/><path d="M116 66v26M96 78h40" stroke="$p" stroke-width="4"/><path d="M116 66q-12-12-14-3t14 3q12-12 14-3t-14 3" stroke="$a" stroke-width="3.5" fill="none"/>
            """),
        ["pharmacy"] = new(Roof.Awning, """
            <path fill="$p" d="M34 54h36v38H34z"/><path fill="$b" d="M38 42h28v12H38z"/><path fill="#2f8f63" d="M48 60h8v8h8v8h-8v8h-8v-8h-8v-8h8z"/><path fill="#c98545" opacity=".9" d="M82 60h24v32H82z"/><path fill="$p" d="M80 52h28v9H80zM84 68h20v14H84z"/><path d="M87 73h14M87 78h9" stroke="#9fb0ba" stroke-width="2"/><rect x="110" y="80" width="28" height="12" rx="6" fill="$a"/><path fill="$p" d="M124 80h8a6 6 0 0 1 0 12h-8z"/>
            """),
    };
}
