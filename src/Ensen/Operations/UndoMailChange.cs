using Ensen.Access;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Members;

namespace Ensen.Operations;

/// <summary>
/// "That was not me", from the mail to the address before a change: the change is taken back and the wallet frozen in one transaction, as
/// its member would freeze it. Who comes in again by a new password thaws it with a proof.
/// </summary>
public sealed class UndoMailChange(ChangeMail changes, Restrict restrict, MemberDirectory members, Sessions sessions)
{
    /// <summary>How the reason begins of a wallet that was frozen so.</summary>
    public const string FrozenWhy = "a change of the address was not its member's";

    public async Task<Answer<MailChange, ConfirmMailRefusal>> Run(string token, string device, CancellationToken ct = default)
    {
        var found = await changes.FindUndo(token, ct);
        if (!found.Accepted)
            return found;
        var member = found.Value.Member;
        EndedSessions? ended = null;
        // The reason names the change: whoever is frozen for another one already is frozen for this one, too.
        var reason = $"{FrozenWhy} ({Id.Bare(found.Value.Id)})";
        try
        {
            await restrict.Run(new RestrictRequest(member, RestrictionKind.Frozen, reason, Thaw.Self(member), Device: device)
            {
                Alongside = async tx => ended = await changes.Undo(tx, token) ?? throw new TakenBackException(),
            }, ct);
        }
        catch (TakenBackException)
        {
            // By the same link, at the same time.
        }
        if (ended is null)
            return ConfirmMailRefusal.CodeUsed;
        sessions.Tell(ended);
        members.Changed(member);
        return found;
    }

    sealed class TakenBackException : Exception;
}
