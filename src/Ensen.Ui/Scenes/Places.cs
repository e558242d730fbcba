namespace Ensen.Ui.Scenes;

/// <summary>Pictures of places that one goes to for what they do. The ground is at 92.</summary>
internal static class Places
{
    public static readonly Dictionary<string, Drawing> Drawings = new()
    {
        ["hairdresser"] = new(Roof.Awning, """
            <path fill="$p" d="M36 40h22v46H36z"/><path fill="#d6372f" d="M36 48l22-8v9l-22 9zM36 72l22-9v10l-22 9z"/><path fill="#2d5d9c" d="M36 60l22-9v9l-22 9zM36 84l22-9v9l-6 2H36z"/><path fill="$k" d="M33 34h28v7H33zM33 85h28v8H33z"/><g fill="none" stroke="$k" stroke-width="4.5" stroke-linecap="round"><path d="M86 40l28 36M118 40L90 76"/></g><g fill="none" stroke="$a" stroke-width="5"><circle cx="86" cy="82" r="8"/><circle cx="118" cy="82" r="8"/></g>
            """),
        ["bicycle"] = new(Roof.Open, """
            <g fill="none" stroke="$k" stroke-width="4"><circle cx="48" cy="76" r="22"/><circle cx="114" cy="76" r="22"/></g><path d="M48 54v44M26 76h44M32 60l32 32M64 60L32 92M114 54v44M92 76h44M98 60l32 32M130 60L98 92" stroke="$k" stroke-width=".8" opacity=".6"/><g fill="none" stroke="$a" stroke-width="5" stroke-linecap="round" stroke-linejoin="round"><path d="M48 76l20-32h34l-22 32zM80 76L66 38M102 44l12 32M102 44l-3-12h-10"/></g><path d="M58 37h16" stroke="$k" stroke-width="6" stroke-linecap="round"/><circle cx="80" cy="76" r="6" fill="$k"/><path fill="#c9a06b" d="M104 34h22v14h-20z"/>
            """),
        ["clinic"] = new(Roof.Open, """
            <path fill="$p" d="M28 46h104v48H28z"/><path fill="$a" d="M22 40h116v8H22z"/><path fill="$p" d="M62 16h36v36H62z"/><path fill="#d6372f" d="M75 21h10v10h10v10H85v10H75V41H65V31h10z"/><path fill="#bfe0ee" d="M38 58h22v18H38zM100 58h22v18h-22zM70 62h20v32H70z"/><path d="M80 62v32" stroke="$p" stroke-width="2.5"/><path fill="#6fa85a" d="M34 94q-2-12 10-12t10 12zM106 94q-2-12 10-12t10 12z"/>
            """),
        ["dentist"] = new(Roof.Open, """
            <path fill="$p" d="M54 52q-2-22 16-20 10 4 20 0 18-2 16 20-2 12-6 20-2 20-8 20-6 0-6-14-1-8-6-8t-6 8q0 14-6 14-6 0-8-20-4-8-6-20z"/><path d="M63 46q0-8 8-7" stroke="#cfe3ea" stroke-width="4" fill="none" stroke-linecap="round"/><path d="M118 94V46" stroke="$a" stroke-width="6" stroke-linecap="round"/><path fill="$b" d="M113 34h14v20h-14z"/><path d="M127 37h5M127 42h5M127 47h5M127 52h5" stroke="$p" stroke-width="3"/><path d="M36 34l2 5 5 2-5 2-2 5-2-5-5-2 5-2zM42 66l1.5 4 4 1.5-4 1.5-1.5 4-1.5-4-4-1.5 4-1.5z" fill="#fff"/>
            """),
        ["cinema"] = new(Roof.Open, """
            <path fill="$k" d="M20 18h120v46H20z"/><path fill="$p" d="M26 24h108v34H26z"/><path fill="$b" d="M26 58V46l20-12 22 14 16-10 22 12 14-6 14 8v6z"/><circle cx="104" cy="34" r="6" fill="#f2c14a"/><path fill="#d6372f" d="M62 76h36l-5 24H67z"/><path fill="$p" d="M69 76h6l1 24h-5zM84 76h6l-3 24h-5z"/><g fill="#fff3cf"><circle cx="66" cy="74" r="7"/><circle cx="77" cy="69" r="8"/><circle cx="89" cy="70" r="8"/><circle cx="96" cy="76" r="6"/></g><path fill="$a" d="M14 98q0-14 10-14h14q10 0 10 14v22H14zM112 98q0-14 10-14h14q10 0 10 14v22h-34z"/>
            """),
        ["bath"] = new(Roof.Curtain, """
            <path d="M62 40q-7 8 0 16t0 14M80 36q-7 9 0 18t0 14M98 40q-7 8 0 16t0 14" stroke="#fff" stroke-width="5" fill="none" stroke-linecap="round" opacity=".85"/><path fill="#f0c32f" d="M44 74h72l-7 26H51z"/><path fill="#d9a71d" d="M44 74h72l-1.5 6h-69z"/><path d="M48 88h64" stroke="#d9a71d" stroke-width="2.5"/><path fill="$p" d="M52 74q4-10 26-8t30-2q2 6-2 10z"/><path fill="$a" d="M60 68q6-3 14-2l-2 8H58zM92 66q8 0 10-1l1 9H90z"/><circle cx="126" cy="94" r="7" fill="#eda6ae"/>
            """),
        ["laundry"] = new(Roof.Awning, """
            <path fill="$p" d="M46 34h68v60H46z"/><path fill="$b" d="M46 34h68v12H46z"/><circle cx="56" cy="40" r="2.5" fill="$p"/><path fill="$p" d="M84 38h22v4H84z"/><circle cx="80" cy="70" r="20" fill="#9fb0ba"/><circle cx="80" cy="70" r="15" fill="#bfe0ee"/><path fill="$a" d="M66 74q8-8 14-2t14-2q0 14-14 15-11-1-14-11z"/><path d="M71 62q4-5 9-5" stroke="#fff" stroke-width="3" fill="none" stroke-linecap="round"/>
            """),
        ["hotel"] = new(Roof.Open, """
            <path fill="$b" d="M46 20h68v74H46z"/><path fill="$k" opacity=".25" d="M104 20h10v74h-10z"/><path d="M56 32h48M56 46h48M56 60h48" stroke="#ffe9a8" stroke-width="8" stroke-dasharray="9 10.5"/><path fill="$p" d="M66 74h28v20H66z"/><path fill="$a" d="M58 70h44v6H58z"/><path d="M80 76v18" stroke="$b" stroke-width="2"/><path fill="#6fa85a" d="M24 94q-3-24 8-30 11 6 8 30zM120 94q-3-24 8-30 11 6 8 30z"/>
            """),
        ["kiosk"] = new(Roof.Open, """
            <path fill="$k" opacity=".8" d="M0 98h160v3H0zM0 108h160v3H0z"/><path fill="$p" d="M34 34h92v60H34z"/><path fill="$a" d="M28 22h104v14H28z"/><path fill="#bfe0ee" d="M42 42h76v22H42z"/><path fill="$b" d="M34 66h92v28H34z"/><path fill="#e2a02d" d="M46 50h10v14H46z"/><path fill="$a" d="M60 46h8v18h-8zM90 50h12v14H90z"/><path fill="#5f8f82" d="M72 52h12v12H72zM106 48h6v16h-6z"/><path d="M44 76h72M44 84h72" stroke="$p" stroke-width="3" stroke-dasharray="14 4"/>
            """),
        ["karaoke"] = new(Roof.Open, """
            <path fill="$b" d="M60 52l40 40-6 6-42-38z"/><circle cx="52" cy="46" r="20" fill="$k"/><path d="M36 38l30 18M40 56l22-24M34 48l18 17M48 28l20 16" stroke="#8794a0" stroke-width="2"/><path d="M106 70V34l24-6v34" stroke="$a" stroke-width="4.5" fill="none"/><ellipse cx="99" cy="71" rx="8" ry="6" fill="$a"/><ellipse cx="123" cy="63" rx="8" ry="6" fill="$a"/>
            """),
    };
}
