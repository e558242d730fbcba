using Dapper;
using Ensen.Basics;
using Ensen.Storage;

namespace Ensen.Members;

/// <summary>How a member wants to see the pages and read the mails.</summary>
public sealed class Preferences(Database db, MemberDirectory directory)
{
    public static readonly IReadOnlyList<string> Themes = ["auto", "light", "dark"];

    /// <summary>Keeps the choice; false when there is no such language, theme or member.</summary>
    public async Task<bool> Keep(MemberId member, string language, string theme, CancellationToken ct = default)
    {
        if (Languages.Find(language) is null || !Themes.Contains(theme))
            return false;
        var changed = await db.Transact(async tx =>
        {
            await directory.Changing(tx, member);
            return await tx.Connection!.ExecuteAsync(
                "update member set language = @language, theme = @theme where id = @member", new { member, language, theme }, tx);
        }, ct);
        directory.Changed(member);
        return changed == 1;
    }
}
