namespace Ensen.Ui.Scenes;

/// <summary>Pictures of shops that sell food and drink to take home. The counter's edge is at 92.</summary>
internal static class Food
{
    public static readonly Dictionary<string, Drawing> Drawings = new()
    {
        ["bakery"] = new(Roof.Awning, """
            <path fill="#c98545" d="M30 92V62q-6-3-4-11 4-13 26-13t26 13q2 8-4 11v30z"/><path fill="#f2d6a2" d="M35 92V60q-6-3-4-8 4-9 21-9t21 9q2 5-4 8v32z"/><path fill="#c98545" d="M84 92q-6-16 12-24t34-4q14 6 12 20-2 8-8 8z"/><path d="M97 70q6 8 4 20M112 65q6 10 4 24M127 66q5 9 3 22" stroke="#9a5c26" stroke-width="3.5" fill="none" stroke-linecap="round"/>
            """),
        ["cakes"] = new(Roof.Awning, """
            <path fill="$p" d="M36 88h88v4H36zM74 92h12v6H74z"/><path fill="$p" d="M48 60h64v28H48z"/><path fill="#f3b8bb" d="M48 72h64v5H48z"/><path fill="$p" d="M46 54q34-10 68 0v8q-6 8-11 1-6 9-12 0-5 8-11 0-6 8-12 0-5 8-11 0-6 6-11-1z"/><g fill="#d6372f"><path d="M52 52q-4-10 5-11 9 1 5 11-5 6-10 0zM75 49q-4-10 5-11 9 1 5 11-5 6-10 0zM98 52q-4-10 5-11 9 1 5 11-5 6-10 0z"/></g><path d="M54 41l3 2 3-2M77 38l3 2 3-2M100 41l3 2 3-2" stroke="#3f7a45" stroke-width="2.5" fill="none"/>
            """),
        ["sweets"] = new(Roof.Curtain, """
            <path fill="$k" d="M22 84h116v6H22zM32 90h6v4h-6zM122 90h6v4h-6z"/><path d="M54 40v44" stroke="#a9773f" stroke-width="3"/><circle cx="54" cy="48" r="10" fill="#eda6ae"/><circle cx="54" cy="62" r="10" fill="$p"/><circle cx="54" cy="76" r="10" fill="#9fbf78"/><path fill="#f6c9cf" d="M82 84q-8-24 17-26 25 2 17 26z"/><path fill="#4f7f4b" d="M84 84q2-14 16-12 14-2 15 12z"/><circle cx="122" cy="76" r="8" fill="$p"/><path d="M118 74q4-4 8 0" stroke="#d9a441" stroke-width="2" fill="none"/>
            """),
        ["greengrocer"] = new(Roof.Awning, """
            <circle cx="44" cy="62" r="13" fill="#d6452f"/><path d="M44 50q1-6 6-8" stroke="#3f6b35" stroke-width="3" fill="none"/><circle cx="68" cy="66" r="12" fill="#e2a02d"/><path fill="#e9762f" d="M84 44l12 4-6 30q-6 2-8-2z"/><path d="M90 46l-3-14M92 46l4-13M94 47l9-10" stroke="#4f8a45" stroke-width="4" stroke-linecap="round"/><path fill="#6fa85a" d="M102 74q-8-22 12-26 20 2 14 26z"/><path fill="#d8e6b8" d="M109 74q-4-14 6-18 10 4 6 18z"/><path fill="#b98850" d="M26 70h108l-6 24H32z"/><path d="M29 78h102M31 86h98" stroke="#8c6233" stroke-width="2.5"/>
            """),
        ["fishmonger"] = new(Roof.Awning, """
            <path fill="$p" d="M20 78h120l-8 16H28z"/><path fill="#e6f1f5" d="M24 80q8-12 18-4 10-10 20-1 10-9 20 0 10-9 20 1 12-9 20 0 8-4 14 6z"/><path fill="#5e88a0" d="M28 62q24-24 62-8l14-10q-2 12 2 22-10 0-15-6-32 16-63 2z"/><path fill="#cfdfe6" d="M30 63q28 8 56 0-26 14-56 0z"/><circle cx="43" cy="58" r="2.5" fill="$k"/><path fill="#d9604c" d="M74 74q16-16 40-5l10-7q-1 8 2 15-8 0-11-4-20 11-41 1z"/><circle cx="84" cy="71" r="2" fill="$k"/>
            """),
        ["butcher"] = new(Roof.Awning, """
            <path fill="#c9a06b" d="M22 84h116v8H22z"/><path fill="#b8322f" d="M34 82q-8-26 18-34 30-6 38 14 4 20-18 22-28 2-38-2z"/><path fill="#f5dcd2" d="M42 76q-4-16 12-20 20-4 25 8 1 8-8 8-16-2-29 4z"/><path fill="#b8322f" d="M47 72q0-10 10-12 14-1 16 4-14 2-26 8z"/><path fill="#b97a3c" d="M96 82q0-14 14-14t14 14z"/><path fill="#b97a3c" d="M108 60q0-9 9-9t9 9-4 10h-10q-4-2-4-10z" opacity=".85"/>
            """),
        ["liquor"] = new(Roof.Awning, """
            <path fill="#3f6b4b" d="M38 92V58q0-6 5-9V34h12v15q5 3 5 9v34z"/><path fill="$p" d="M40 62h18v18H40z"/><path fill="$a" d="M43 66h12v3H43zM43 72h8v3h-8z"/><path fill="#7b4a2b" d="M68 92V62q0-6 4-9V40h12v13q4 3 4 9v30z"/><path fill="$b" d="M70 64h16v14H70z"/><path fill="$p" d="M98 62h28v30H98z"/><path fill="$a" d="M98 70h28v12H98z"/><path d="M98 66l28 0" stroke="#caa25e" stroke-width="3"/><path fill="#caa25e" d="M104 56h16v6h-16z"/>
            """),
        ["depachika"] = new(Roof.Awning, """
            <path fill="$b" d="M20 74h120v20H20z"/><path fill="#fff" opacity=".55" d="M24 44h112v30H24z"/><path d="M24 44h112v30H24z" stroke="$p" stroke-width="3" fill="none"/><path fill="$k" d="M32 58h26v14H32z"/><path fill="$p" d="M34 60h10v10H34z"/><path fill="#e08a3c" d="M46 60h10v4H46z"/><path fill="#7fae5c" d="M46 66h10v4H46z"/><circle cx="72" cy="66" r="7" fill="#c98545"/><circle cx="84" cy="66" r="7" fill="#c98545"/><path fill="#e9b24c" d="M98 72q0-12 14-12t16 12z"/><path d="M104 63l2 9M112 61v11M120 63l-2 9" stroke="#b97a2c" stroke-width="2"/>
            """),
        ["convenience"] = new(Roof.Open, """
            <path fill="$p" d="M22 34h116v60H22z"/><path fill="$a" d="M18 26h124v8H18z"/><path fill="$p" d="M18 34h124v5H18z"/><path fill="$b" d="M18 39h124v5H18z"/><path fill="#bfe0ee" d="M30 52h42v34H30zM88 52h42v42H88z"/><path d="M109 52v42" stroke="$p" stroke-width="3"/><path fill="$a" d="M34 70h8v16h-8zM52 74h8v12h-8z"/><path fill="#e2a02d" d="M43 66h8v20h-8zM61 70h8v16h-8z"/>
            """),
    };
}
