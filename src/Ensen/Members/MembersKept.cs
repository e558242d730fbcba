using Ensen.Storage;

namespace Ensen.Members;

/// <summary>What the tables of this module keep about a member.</summary>
static class MembersKept
{
    public static IReadOnlyList<PersonalTable> All { get; } =
    [
        PersonalTable.Exported("member", "profile", "id = @member")
            .Id<MemberId>("id", "memberId").Text("name").Text("email").Flag("mail_confirmed", "emailConfirmed").Text("telephone")
            .Moment("telephone_possessed_ms").Flag("verified").Text("language").Text("theme").Moment("created_ms").Flag("newsletter")
            .Flag("postal_mail").Number("goal_points", "goal").Text("adult_on").Without("left_ms")
            .Blanked(
                "name = '', email = null, telephone = null, telephone_possessed_ms = null, verified = false, mail_confirmed = false, "
                + "language = '', theme = '', newsletter = false, postal_mail = false, goal_points = null, adult_on = null, left_ms = coalesce(left_ms, @now)",
                "the number by which the books know the member, and when they came and went: as long as the books are kept"),
        PersonalTable.Exported("member_email", "addresses", "member = @member")
            .Text("email_key", "email").Moment("held_until_ms").Without("member").Erased(),
        PersonalTable.Exported("mail_token", "addressLinks", "member = @member")
            .Text("email_key", "email").Moment("created_ms").Moment("expires_ms").Moment("used_ms").Without("token_hash", "member").Erased(),
        PersonalTable.NotExported("later_registration", "what somebody typed before they were a member; gone once they are")
            .Erased("id = @member"),
        PersonalTable.Exported("mail_change", "addressChanges", "member = @member")
            .Text("email").Text("email_before").Moment("asked_ms").Moment("expires_ms").Moment("undo_until_ms").Moment("done_ms")
            .Moment("undone_ms").Without("id", "member", "email_key", "confirm_hash", "undo_hash").Erased(),
        PersonalTable.Exported("telephone_change", "telephoneChanges", "member = @member")
            .Text("telephone").Text("telephone_before").Moment("possessed_before_ms").Moment("asked_ms").Moment("done_ms")
            .Without("id", "member").Erased(),
        PersonalTable.Exported("mail_bounce", "mailThatCameBack", "address_hash = @addressHash")
            .Text("code").Moment("at_ms").Without("address_hash").Erased(),
        PersonalTable.Exported("expected_call", "expectedCalls", "member = @member")
            .Text("telephone").Text("dialled").Moment("expires_ms").Without("challenge", "member").Erased(),
        PersonalTable.Exported("password_reset", "passwordResets", "member = @member")
            .Moment("created_ms").Moment("expires_ms").Moment("used_ms").Without("id", "token_hash", "member", "asked").Erased(),
        PersonalTable.Exported("recovery", "recoveries", "member = @member")
            .Text("telephone").Moment("proposed_ms").Moment("approved_ms").Moment("opens_ms").Moment("mailed_ms").Moment("link_until_ms")
            .Moment("ended_ms")
            .Without("id", "member", "reason", "proposed_by", "approved_by", "warning", "stop_hash", "link_hash", "how").Erased(),
        PersonalTable.Exported("member_key", "keys", "member = @member")
            .Moment("made_ms").Moment("destroyed_ms").Without("member", "protected_key")
            .Blanked("protected_key = null, destroyed_ms = coalesce(destroyed_ms, @now)",
                "that the key was destroyed, so that no other is made for the member"),
        PersonalTable.Exported("notice", "notices", "member = @member")
            .Text("what").Moment("at_ms").Without("id", "member").Erased(),
    ];
}
