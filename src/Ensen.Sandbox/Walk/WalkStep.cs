namespace Ensen.Sandbox.Walk;

/// <summary>The stations of the first walk, in their order: what somebody who has never seen the product tries once.</summary>
enum WalkStep
{
    Charge = 1,
    Tag = 2,
    Code = 3,
    Qr = 4,
    Arrive = 5,
    Refund = 6,
    Receipt = 7,
    Proof = 8,
    Send = 9,
    Register = 10,
    Mail = 11,
    Atm = 12,
}

/// <summary>
/// A press of the walk: what it is called (a text's name) and where it leads. A till opens beside the member's page, in a tab of its own.
/// </summary>
sealed record WalkWay(string Word, WalkPlace Place);

/// <summary>Where a press of the walk leads.</summary>
enum WalkPlace
{
    ChargePage,
    TouchedTag,
    ShownCode,
    TillTake,
    TillQr,
    ReadQr,
    Till,
    TillRefund,
    History,
    Roots,
    Send,
    Register,
    Mailbox,
    ChargeAtAtm,
    Atm,
}
