using System.Data.Common;
using Dapper;
using Ensen.Storage;

namespace Ensen.Members;

/// <summary>Looks members up. Rows are kept until news of a change; they may be two seconds old when another node changed them.</summary>
public sealed class MemberDirectory
{
    const string Kind = "member-row";

    const string Columns =
        """
        m.id, m.name, m.email, m.telephone, m.telephone_possessed_ms as TelephonePossessedMs, m.verified, m.adult_on as AdultOn,
        m.mail_confirmed as MailConfirmed, m.language, m.theme, m.created_ms as CreatedMs, m.newsletter, m.postal_mail as PostalMail, m.goal_points as Goal, m.left_ms as LeftMs
        """;

    readonly Database _db;
    readonly RowCache<MemberId, Member> _recent;

    public MemberDirectory(Database db, TimeProvider clock)
    {
        _db = db;
        _recent = new(clock, TimeSpan.FromSeconds(2), most: 200_000, db.Notifications);
        db.Notifications.Follow(Kind, _recent.ForgetOne);
    }

    public ValueTask<Member?> Find(MemberId id, CancellationToken ct = default) => _recent.Get(id, Read, ct);

    /// <summary>By an address that its owner confirmed; anybody can type an address that is not theirs.</summary>
    public async Task<Member?> FindByEmail(string email, CancellationToken ct = default)
    {
        if (!EmailAddress.TryParse(email, out _, out var key))
            return null;
        await using var connection = await _db.Connect(ct);
        return await connection.QuerySingleOrDefaultAsync<Member?>(
            $"""
            select {Columns}
            from member_email e
            join member m on m.id = e.member
            where e.email_key = @key and e.held_until_ms is null and m.mail_confirmed
            """,
            new { key });
    }

    /// <summary>By a telephone that its member has shown to be theirs; null also where it is of more than one.</summary>
    public async Task<Member?> FindByTelephone(string telephone, CancellationToken ct = default)
    {
        if (!TelephoneNumber.TryParse(telephone, out var number))
            return null;
        await using var connection = await _db.Connect(ct);
        return (await connection.QueryAsync<Member>(
            $"""
            select {Columns}
            from member m
            where m.telephone = @number and m.telephone_possessed_ms is not null
            limit 2
            """,
            new { number })).AsList() is [var member] ? member : null;
    }

    /// <summary>Called by whoever changes a member's row, within the transaction: other nodes hear of it with the commit.</summary>
    public Task Changing(DbTransaction tx, MemberId id) => _db.Notifications.Announce(tx, Topic(id));

    /// <summary>Called by whoever changed a member's row, after the commit: this node sees it at once.</summary>
    public void Changed(MemberId id) => _db.Notifications.Raise(Topic(id));

    static string[] Topic(MemberId id) => [$"{Kind}:{id}"];

    async Task<Member?> Read(MemberId id, CancellationToken ct)
    {
        await using var connection = await _db.Connect(ct);
        return await Read(connection, id);
    }

    /// <summary>The row as it is now, for whoever has a transaction already.</summary>
    internal static Task<Member?> Read(DbConnection connection, MemberId id, DbTransaction? tx = null) =>
        connection.QuerySingleOrDefaultAsync<Member?>(
            $"""
            select {Columns}
            from member m
            where m.id = @id
            """,
            new { id }, tx);
}
