using Ensen.Storage;

namespace Ensen.Access;

/// <summary>What the tables of this module keep about a member: names and times, and nothing that opens anything.</summary>
static class AccessKept
{
    const string OfMembersSessions =
        "session in (select id from session where subject = @member and kind = 1 union all "
        + "select id from pending_sign_in where subject = @member and kind = 1)";

    public static IReadOnlyList<PersonalTable> All { get; } =
    [
        PersonalTable.Exported("session", "devices", "subject = @member and kind = 1")
            .Id<SessionId>("id").Text("device").Word("assurance", n => ((AssuranceLevel)n).ToString()).Moment("created_ms")
            .Moment("seen_ms").Moment("expires_ms").Moment("ended_ms").Word("ended_why", n => ((SessionEnd)n).ToString())
            .Without("token_hash", "kind", "subject", "owner").Erased(),
        PersonalTable.Exported("pending_sign_in", "signInsUnderWay", "subject = @member and kind = 1")
            .Text("device").Moment("created_ms").Moment("expires_ms").Moment("proven_ms").Moment("ended_ms")
            .Without("id", "token_hash", "kind", "subject", "began", "account", "is_known", "stamp", "cause").Erased(),
        PersonalTable.Exported("known_device", "knownDevices", "owner = @member")
            .Moment("seen_ms").Without("device", "owner", "session").Erased(),
        PersonalTable.Exported("credential", "passwords", "owner = @member").Moment("set_ms").Without("owner", "kind", "hash", "stamp")
            .Erased(),
        PersonalTable.Exported("challenge", "proofs", OfMembersSessions)
            .Text("purpose").Word("method", n => ((ProofMethod)n).ToString()).Moment("created_ms").Moment("expires_ms")
            .Moment("answered_ms").Moment("failed_ms").Moment("passed_ms").Moment("used_ms").Without("id", "session", "asks", "on_page").Erased(),
        PersonalTable.Exported("authenticator", "authenticators", "owner = @member")
            .Moment("set_ms").Without("owner", "protected_secret", "step").Erased(),
        PersonalTable.Exported("recovery_code", "recoveryCodes", "owner = @member")
            .Number("number").Moment("made_ms").Moment("used_ms").Without("owner", "hash").Erased(),
        PersonalTable.Exported("passkey", "passkeys", "owner = @member and kind = 1")
            .Text("name").Flag("backed_up").Moment("created_ms").Moment("used_ms")
            .Without("credential_id", "id", "kind", "owner", "public_key", "sign_count", "transports", "backup_eligible").Erased(),
        PersonalTable.Exported("device_key", "deviceKeys", OfMembersSessions).Moment("highest_ms", "lastSigned").Without(
            "session", "public_key", "highest").Erased(),
        PersonalTable.NotExported("device_signature", "the numbers that a device's key has signed, without what was signed")
            .Erased(OfMembersSessions),
        PersonalTable.NotExported("attempt", "counts of guesses by a hash of an address, which go after two days")
            .Erased("who = @attempt", "counts by the address of a network together with the member's; they go after two days"),
    ];
}
