using System.Globalization;

namespace Ensen.Basics;

/// <summary>What whoever runs the node has set of the settings that modules declare; the defaults for the others.</summary>
/// <param name="given">What was said for a name; null when nothing was. It is within the setting's bounds: the host sees to that.</param>
public sealed class SettingValues(Func<string, string?> given)
{
    public static SettingValues Defaults { get; } = new(_ => null);

    /// <summary>Null when nothing was said and there is no default.</summary>
    public string? Text(BoundedSetting setting) => given(setting.Name) is { Length: > 0 } said ? said : setting.Default;

    /// <summary>Of a setting of <see cref="WholeNumbers"/>.</summary>
    public int Number(BoundedSetting setting) => int.Parse(Text(setting)!, CultureInfo.InvariantCulture);
}
