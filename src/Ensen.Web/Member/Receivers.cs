using System.Globalization;
using System.Security.Cryptography;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Members;
using Ensen.Wallet;
using Microsoft.AspNetCore.DataProtection;

namespace Ensen.Web.Members;

/// <summary>
/// Finds the member that money is sent to, by confirmed e-mail address, by telephone or by id. Looking is counted, so that nobody tries
/// out addresses; the confirm step carries the receiver sealed, so that an address is not turned into an id.
/// </summary>
sealed class Receivers(MemberDirectory directory, History history, AttemptLimiter tries, IDataProtectionProvider protection)
{
    static readonly AttemptLimit s_limit = new(30, TimeSpan.FromHours(1));
    readonly IDataProtector _protector = protection.CreateProtector("ensen receiver");

    public async Task<bool> MayLook(MemberId sender, CancellationToken ct) =>
        await tries.Count("find-receiver", Id.Bare(sender), s_limit, ct);

    public async Task<Member?> Find(string? typed, CancellationToken ct)
    {
        var text = typed?.Trim() ?? "";
        return Id.TryParse(text.ToLowerInvariant(), out MemberId id) ? await Present(id, ct)
            : text.Contains('@', StringComparison.Ordinal) ? await directory.FindByEmail(text, ct)
            : await directory.FindByTelephone(text, ct);
    }

    /// <summary>Null also for one who has left: nobody is told the difference.</summary>
    async Task<Member?> Present(MemberId id, CancellationToken ct) =>
        await directory.Find(id, ct) is { HasLeft: false } member ? member : null;

    /// <summary>Whom this member sent money to lately, as far as they may still receive some.</summary>
    public async Task<IReadOnlyList<Member>> Recent(MemberId sender, CancellationToken ct)
    {
        const int Shown = 4;
        var people = new List<Member>(Shown);
        foreach (var id in await history.SentTo(sender, Shown, ct))
            if (await directory.Find(id, ct) is { Verified: true } member)
                people.Add(member);
        return people;
    }

    public string Seal(MemberId receiver) => _protector.Protect(receiver.ToString());

    public async Task<Member?> Open(string? sealedText, CancellationToken ct)
    {
        try
        {
            return sealedText is { Length: > 0 and <= 1_000 } && Id.TryParse(_protector.Unprotect(sealedText), out MemberId id)
                ? await Present(id, ct) : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    /// <summary>Enough for who knows the person, too little for who does not: 青＊ 花＊, A** S****.</summary>
    public static string Masked(string name) =>
        string.Join(' ', name.Split([' ', '　'], StringSplitOptions.RemoveEmptyEntries).Select(part =>
    {
        var letters = StringInfo.GetTextElementEnumerator(part);
        letters.MoveNext();
        var first = letters.GetTextElement();
        return first + (first[0] > '\u2e80' ? "＊" : "**");
    }));
}
