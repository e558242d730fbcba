using Dapper;
using Ensen.Storage;

namespace Ensen.Members;

/// <summary>Looks members up. Rows may be up to two seconds old when another node changed them.</summary>
public sealed class Roster(Database db, TimeProvider clock)
{
    readonly Recent<Guid, Member> _recent = new(clock, TimeSpan.FromSeconds(2), most: 50_000);

    public ValueTask<Member?> Find(Guid id, CancellationToken ct = default) => _recent.Get(id, Read, ct);

    /// <summary>By an address that its owner confirmed; anybody can type an address that is not theirs.</summary>
    public async Task<Member?> FindByEmail(string email, CancellationToken ct = default)
    {
        if (!EmailAddress.TryParse(email, out _, out var key))
            return null;
        await using var connection = await db.Connect(ct);
        return await connection.QuerySingleOrDefaultAsync<Member?>(
            """
            select m.id, m.name, m.email, m.telephone, m.verified, m.mail_confirmed as MailConfirmed, m.language, m.theme, m.created_ms as CreatedMs
            from member_email e
            join member m on m.id = e.member
            where e.email_key = @key and m.mail_confirmed
            """,
            new { key });
    }

    /// <summary>Called by whoever changed a member's row, after the commit.</summary>
    public void Changed(Guid id) => _recent.Forget(id);

    async Task<Member?> Read(Guid id, CancellationToken ct)
    {
        await using var connection = await db.Connect(ct);
        return await connection.QuerySingleOrDefaultAsync<Member?>(
            """
            select id, name, email, telephone, verified, mail_confirmed as MailConfirmed, language, theme, created_ms as CreatedMs
            from member
            where id = @id
            """,
            new { id });
    }
}
