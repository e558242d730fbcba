using Ensen.Ledger;
using Ensen.Access;

namespace Ensen.Web.Edge;

/// <summary>Whoever asks, as the books keep who began an entry.</summary>
static class CallerInitiator
{
    extension(Caller caller)
    {
        public Initiator Initiator => new(
            caller.Kind switch
            {
                SubjectKind.Member => InitiatorKind.Member,
                SubjectKind.Till => InitiatorKind.Till,
                SubjectKind.Merchant => InitiatorKind.Merchant,
                SubjectKind.ShopAccount => InitiatorKind.ShopAccount,
                SubjectKind.PointTill => InitiatorKind.PointTill,
                _ => throw new ArgumentOutOfRangeException(nameof(caller), caller.Kind, "not a session's kind"),
            },
            caller.Id);
    }
}
