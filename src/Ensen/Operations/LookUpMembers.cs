using System.Data.Common;
using System.Globalization;
using Dapper;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Identity;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Staff;
using Ensen.Storage;
using Ensen.Wallet;
using Microsoft.Extensions.Logging;

namespace Ensen.Operations;

/// <summary>
/// A member as a search shows them: enough to tell whether it is the right one, and no more. Of one who <paramref name="Left"/> there is no
/// name.
/// </summary>
public sealed record FoundMember(MemberId Id, string Name, string? Email, string? Telephone, bool Verified, bool Frozen, bool Left = false);

/// <summary>What a search found; <paramref name="More"/>: there are others, and the search has to say more of whom it is for.</summary>
public sealed record FoundMembers(IReadOnlyList<FoundMember> Members, bool More);

/// <summary>A member as an operator with a reason sees them.</summary>
/// <param name="Restrictions">Those in force, the oldest first.</param>
/// <param name="Verification">The last one, whatever became of it; null where none was begun.</param>
/// <param name="Notices">The last that the member was told by mail, the newest first.</param>
/// <param name="Recovery">The last way back that was proposed for the member, whatever became of it; null where none was.</param>
/// <param name="HasPapers">The member was verified by papers that can be compared.</param>
public sealed record MemberProfile(
    Member Member, IReadOnlyList<Device> Devices, IReadOnlyList<Passkey> Passkeys, Factors Factors, CapsInForce Caps,
    IReadOnlyList<Restriction> Restrictions, Verification? Verification, IReadOnlyList<SentNotice> Notices,
    Recovery? Recovery, bool HasPapers)
{
    /// <summary>Of one who has left: when, and whether a record is kept. Then nothing else is known of them.</summary>
    public FormerMember? Former { get; init; }

    public bool Frozen => Restrictions.Any(r => r.Kind == RestrictionKind.Frozen);
}

/// <summary>Why a member is not shown.</summary>
public enum LookUpMembersRefusal
{
    None = 0,

    /// <summary>The reason is missing or longer than a line of 200 characters, or there is nothing to search by.</summary>
    InvalidRequest = 1,

    /// <summary>There is no such member.</summary>
    NotFound = 2,

    /// <summary>Whoever asks may not.</summary>
    Forbidden = 3,
}

/// <summary>
/// Operators look members up: by mail address, telephone, number or part of a name. Each look has a reason, and its row in the log is
/// committed before anything is shown; it names those who are shown. Who searches much is told of in the node's log and counted.
/// </summary>
public sealed partial class LookUpMembers(
    Database db, Operators operators, OperatorLog log, MemberDirectory members, Sessions sessions, Passkeys passkeys, ChangeFactors factors,
    ChangeOwnCaps caps, FormerMembers former, RecoveryChecks papers, OperationsMeter meter, SettingValues set,
    ILogger<LookUpMembers> logger, TimeProvider clock)
{
    /// <summary>So many members are shown at most; who is looked for is then said more exactly.</summary>
    public const int MostFound = 20;

    const int LeastLetters = 2;

    internal static readonly BoundedSetting MostSearches = new("Ensen:ConsoleSearches", "30", new WholeNumbers(1, 10_000),
        "searches of members by one operator in an hour, beyond which each is told of in the log and counted (`ensen_console_many_searches_total`)");

    internal static readonly BoundedSetting MostViews = new("Ensen:ConsoleViews", "100", new WholeNumbers(1, 1_000_000),
        "members whose profiles one operator opens in a day, beyond which they are shown to those who audit (the console's start and log) and each further one is told of in the node's log and counted (`ensen_console_many_views_total`)");

    const int MostNotices = 20;

    public async Task<Answer<FoundMembers, LookUpMembersRefusal>> Search(
        string query, string reason, ActingOperator acting, CancellationToken ct = default)
    {
        if (await operators.Acting(acting, OperatorRoles.Support, ct) is not { } by)
            return LookUpMembersRefusal.Forbidden;
        if (Decide(reason, Sought.By(query) is not null, isThere: true) is not LookUpMembersRefusal.None and var refusal)
            return refusal;
        var sought = Sought.By(query)!;
        IReadOnlyList<Member> found;
        await using (var connection = await db.Connect(ct))
            found = await Find(connection, sought);
        var shown = found.Take(MostFound).ToList();
        var searches = await db.Transact(async tx =>
        {
            var before = await OperatorLog.Count(tx, by.Id, OperatorAct.SearchedMembers, clock.GetUtcNow().AddHours(-1));
            await log.Append(tx, OperatorAct.SearchedMembers, by, acting, null, reason,
                $"{sought.What}: {(shown.Count == 0 ? "nobody" : string.Join(' ', shown.Select(m => m.Id)))}");
            return before + 1;
        }, ct);
        if (searches > set.Number(MostSearches))
        {
            meter.ManySearches();
            Many(logger, by.Id.ToString(), searches);
        }
        var members = new List<FoundMember>();
        await using (var connection = await db.Connect(ct))
            foreach (var m in shown)
                members.Add(new FoundMember(m.Id, Masked(m.Name), m.Email is { } mail ? EmailAddress.Masked(mail) : null,
                    m.Telephone is { } telephone ? TelephoneNumber.Masked(telephone) : null, m.Verified,
                    await Restrictions.Holds(connection, m.Id, RestrictionKind.Frozen, clock.GetUtcNow()), m.HasLeft));
        return new FoundMembers(members, found.Count > MostFound);
    }

    /// <summary>
    /// Who opened the profiles of more members within the last day than <c>Ensen:ConsoleViews</c>, and of how many: for those who audit.
    /// </summary>
    public async Task<IReadOnlyList<(OperatorId Operator, int Members)>> WhoSawMany(CancellationToken ct = default)
    {
        await using var connection = await db.Connect(ct);
        return await OperatorLog.WhoSawMore(
            connection, OperatorAct.ViewedMember, clock.GetUtcNow().AddDays(-1), (int)set.Number(MostViews));
    }

    public async Task<Answer<MemberProfile, LookUpMembersRefusal>> View(
        MemberId id, string reason, ActingOperator acting, CancellationToken ct = default)
    {
        if (await operators.Acting(acting, OperatorRoles.Support, ct) is not { } by)
            return LookUpMembersRefusal.Forbidden;
        var member = await members.Find(id, ct);
        if (Decide(reason, isSought: true, member is not null) is not LookUpMembersRefusal.None and var refusal)
            return refusal;
        var seen = await db.Transact(async tx =>
        {
            await log.Append(tx, OperatorAct.ViewedMember, by, acting, id.ToString(), reason);
            return await OperatorLog.Seen(tx, by.Id, OperatorAct.ViewedMember, clock.GetUtcNow().AddDays(-1));
        }, ct);
        if (seen > set.Number(MostViews))
        {
            meter.ManyViews();
            ManyMembers(logger, by.Id.ToString(), seen);
        }
        var (subject, now) = (Subject.Member(id), clock.GetUtcNow());
        var hasPapers = await papers.HasPapers(id, ct);
        await using var connection = await db.Connect(ct);
        return new MemberProfile(
            member!, await sessions.Devices(subject, ct), await passkeys.Of(subject, ct), await factors.Read(subject, ct),
            await caps.Read(Payer.Of(member!, now), ct), await Restrictions.Of(connection, db.Catalogue, id, now),
            await Verifications.Latest(connection, id, now), await SentNotice.Latest(connection, id, MostNotices),
            await Recoveries.LatestOf(connection, id), hasPapers)
        { Former = member!.HasLeft ? await former.Find(id, ct) : null };
    }

    /// <param name="isSought">There is something to search by.</param>
    internal static LookUpMembersRefusal Decide(string reason, bool isSought, bool isThere)
    {
        if (!OperatorLine.IsOne(reason) || !isSought) return LookUpMembersRefusal.InvalidRequest;
        return isThere ? LookUpMembersRefusal.None : LookUpMembersRefusal.NotFound;
    }

    /// <summary>The first letter of a name, and that there are more.</summary>
    internal static string Masked(string name) => name == "" ? "" : new StringInfo(name).SubstringByTextElements(0, 1) + "**";

    static async Task<IReadOnlyList<Member>> Find(DbConnection connection, Sought sought) => (await connection.QueryAsync<Member>(
        $"""
        select m.id, m.name, m.email, m.telephone, m.verified, m.left_ms as LeftMs
        from member m
        where {sought.Sql}
        order by m.id desc
        limit @most
        """, sought.Parameters(MostFound + 1))).AsList();

    [LoggerMessage(Level = LogLevel.Warning, Message = "Operator {Operator} opened the profiles of {Count} members within a day.")]
    static partial void ManyMembers(ILogger logger, string @operator, int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Operator {Operator} searched members {Count} times within an hour.")]
    static partial void Many(ILogger logger, string @operator, int count);

    /// <summary>What a search is by: the word for the log, which holds nothing of what was typed.</summary>
    internal sealed record Sought(string What, string Sql, object Value)
    {
        /// <summary>Null when there is too little to search by.</summary>
        public static Sought? By(string query)
        {
            var text = query.Trim();
            if (Id.TryParse(text, out MemberId id))
                return new Sought("number", "m.id = @value", id.Value);
            if (EmailAddress.TryParse(text, out _, out var key))
                return new Sought("mail", "m.id = (select e.member from member_email e where e.email_key = @value)", key);
            if (TelephoneNumber.TryParse(text, out var telephone))
                return new Sought("telephone", "m.telephone = @value", telephone);
            // Between the parts of a name people type a space of either width, or none.
            var name = string.Concat(text.Where(c => !char.IsWhiteSpace(c)));
            return name.Length >= LeastLetters && text.Length <= OneLineName.Most && InvisibleCharacters.IsReadable(text)
                ? new Sought("name", @"replace(replace(lower(m.name), ' ', ''), '　', '') like lower(@value) escape '\'",
                    $"%{Escaped(name)}%")
                : null;
        }

        public DynamicParameters Parameters(int most)
        {
            var parameters = new DynamicParameters(new { most });
            parameters.Add("value", Value);
            return parameters;
        }

        static string Escaped(string text) => text.Replace(@"\", @"\\", StringComparison.Ordinal)
            .Replace("%", @"\%", StringComparison.Ordinal).Replace("_", @"\_", StringComparison.Ordinal);
    }
}
