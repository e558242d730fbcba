using Ensen.Basics;
using Ensen.Web;

namespace Ensen.Tests.Basics;

/// <summary>
/// Walks all settings there are: both ends are taken, what lies beyond is refused with the setting, the value and what is allowed.
/// </summary>
public class BoundsWalk
{
    public static TheoryData<string> Names => [.. Every.Select(s => s.Name)];

    static IEnumerable<BoundedSetting> Every => ProgrammeSettings.All.Concat(NodeSettings.All);

    [Theory]
    [MemberData(nameof(Names))]
    public void Both_ends_are_taken_and_what_is_beyond_is_not(string name)
    {
        var setting = Every.Single(s => s.Name == name);
        setting.Allowed.Ends.ShouldNotBeEmpty();
        setting.Allowed.Beyond.ShouldNotBeEmpty();
        foreach (var end in setting.Allowed.Ends)
            setting.Refuse(end).ShouldBeNull();
        foreach (var value in setting.Allowed.Beyond)
        {
            var fault = setting.Refuse(value).ShouldNotBeNull($"{name} = {value}");
            fault.ShouldContain(name);
            fault.ShouldContain(setting.Allowed.Words);
            if (setting.Secret)
                fault.ShouldNotContain($"'{value}'");
            else
                fault.ShouldContain(value.Length == 0 ? "empty" : value[..Math.Min(60, value.Length)]);
        }
    }
}
