using System.Data.Common;
using Dapper;
using Ensen.Access;
using Ensen.Basics;

namespace Ensen.Members;

/// <summary>What somebody registered with, for whoever opens the mail to know it again.</summary>
public sealed record TypedAs(string Name, string? Telephone);

/// <summary>
/// A registration with an address that somebody else has typed before and nobody has confirmed. The account that was made then has the
/// other's password and telephone: whoever opens the mail must not be led into it. So what each typed is kept beside it until the mailbox
/// says whose the address is, and the one who registered there becomes the member.
/// </summary>
sealed class LaterRegistration
{
    public MemberId Id { get; init; }
    public string EmailKey { get; init; } = "";
    public string Email { get; init; } = "";
    public string Name { get; init; } = "";
    public string Telephone { get; init; } = "";
    public string Language { get; init; } = "";
    public bool Newsletter { get; init; }
    public bool PostalMail { get; init; }
    public string Hash { get; init; } = "";
    public long CreatedMs { get; init; }

    public static Task Add(DbTransaction tx, Member member, string key, string hash) => tx.Connection!.ExecuteAsync(
        """
        insert into later_registration (id, email_key, email, name, telephone, language, newsletter, postal_mail, hash, created_ms)
        values (@Id, @key, @Email, @Name, @Telephone, @Language, @Newsletter, @PostalMail, @hash, @CreatedMs)
        """,
        new
        {
            member.Id,
            key,
            member.Email,
            member.Name,
            member.Telephone,
            member.Language,
            member.Newsletter,
            member.PostalMail,
            hash,
            member.CreatedMs,
        }, tx);

    /// <summary>
    /// The address is its owner's, in the transaction that used the mail's link up: the member who has it is the one who registered where
    /// the link was opened, else the one whom the link was mailed for. Whom that leaves without the address is answered with them. Null
    /// when nobody is left to become a member by it.
    /// </summary>
    /// <param name="of">Whom the link was mailed for.</param>
    /// <param name="here">Who registered on the browser on which it was opened.</param>
    public static async Task<(MemberId Owner, MemberId? Before)?> Settle(
        DbTransaction tx, string key, MemberId of, MemberId? here, DateTimeOffset now)
    {
        var (holder, isConfirmed) = await Holder(tx.Connection!, key, tx);
        var later = await Meant(tx.Connection!, key, holder, of, here, tx);
        if (isConfirmed || holder is null && later is null)
            return null;
        if (later is null)
            await tx.Connection!.ExecuteAsync(
                "update member set mail_confirmed = @yes where id = @holder and lower(email) = @key", new { holder, key, yes = true }, tx);
        else
        {
            if (holder is { } before)
                await Free(tx, key, before);
            if (!await Register.Write(tx, later.Confirmed(), later.Hash))
                return null;
        }
        await ForgetOthers(tx, key, now);
        return (later?.Id ?? holder!.Value, later is null ? null : holder);
    }

    /// <summary>As whom the mail's link makes its opener a member: name and telephone as they were typed.</summary>
    public static async Task<TypedAs?> Shown(DbConnection connection, string key, MemberId of, MemberId? here)
    {
        var (holder, _) = await Holder(connection, key);
        if (await Meant(connection, key, holder, of, here) is { } later)
            return new TypedAs(later.Name, later.Telephone);
        return holder is null ? null
            : await connection.QuerySingleOrDefaultAsync<TypedAs?>("select name, telephone from member where id = @holder", new { holder });
    }

    /// <summary>"I did not register": the address is free again, and whoever typed it is left without one. Null as above.</summary>
    public static async Task<(MemberId Owner, MemberId? Before)?> Release(DbTransaction tx, string key, DateTimeOffset now)
    {
        if (await Holder(tx.Connection!, key, tx) is not ({ } holder, false))
            return null;
        await Free(tx, key, holder);
        await ForgetOthers(tx, key, now);
        return (holder, null);
    }

    /// <summary>Forgets what was typed for links that have lapsed, and the links where nobody became a member.</summary>
    public static Task<int> Tidy(DbTransaction tx, DateTimeOffset before) => tx.Connection!.ExecuteAsync(
        """
        delete from later_registration where created_ms < @old;
        delete from mail_token where created_ms < @old and not exists (select 1 from member where member.id = mail_token.member);
        """, new { old = before.ToUnixTimeMilliseconds() }, tx);

    Member Confirmed() => new()
    {
        Id = Id,
        Name = Name,
        Email = Email,
        Telephone = Telephone,
        MailConfirmed = true,
        Language = Language,
        Theme = Preferences.Themes[0],
        CreatedMs = CreatedMs,
        Newsletter = Newsletter,
        PostalMail = PostalMail,
    };

    /// <summary>What was typed by whoever becomes the member; null: by the one whose account is there.</summary>
    static async Task<LaterRegistration?> Meant(
        DbConnection connection, string key, MemberId? holder, MemberId of, MemberId? here, DbTransaction? tx = null) =>
        here is not null && here == holder ? null
            : (here is { } typed ? await Find(connection, key, typed, tx) : null) ?? await Find(connection, key, of, tx);

    /// <summary>Who has the address, and whether it was confirmed.</summary>
    static Task<(MemberId? Id, bool IsConfirmed)> Holder(DbConnection connection, string key, DbTransaction? tx = null) =>
        connection.QuerySingleOrDefaultAsync<(MemberId?, bool)>(
            """
            select m.id, m.mail_confirmed
            from member_email e
            join member m on m.id = e.member
            where e.email_key = @key and e.held_until_ms is null
            """, new { key }, tx);

    static Task Free(DbTransaction tx, string key, MemberId holder) => tx.Connection!.ExecuteAsync(
        """
        update member set email = null, mail_confirmed = @no where id = @holder and lower(email) = @key;
        delete from member_email where email_key = @key and member = @holder;
        """, new { key, holder, no = false }, tx);

    /// <summary>What else was typed with the address, and the links that were mailed for it, lead nowhere any more.</summary>
    static Task ForgetOthers(DbTransaction tx, string key, DateTimeOffset now) => tx.Connection!.ExecuteAsync(
        """
        update mail_token set used_ms = @at where email_key = @key and used_ms is null;
        delete from later_registration where email_key = @key;
        """, new { key, at = now.ToUnixTimeMilliseconds() }, tx);

    static Task<LaterRegistration?> Find(DbConnection connection, string key, MemberId id, DbTransaction? tx) =>
        connection.QuerySingleOrDefaultAsync<LaterRegistration?>(
            """
            select id, email_key as EmailKey, email, name, telephone, language, newsletter, postal_mail as PostalMail, hash,
              created_ms as CreatedMs
            from later_registration
            where id = @id and email_key = @key
            """, new { id, key }, tx);
}
