namespace Ensen.Tests.Api.Rights;

/// <summary>The companies of the cast.</summary>
sealed partial class Cast
{
    /// <summary>Two owners of the bakery, which has an account as a company, too, and one whom it may pay.</summary>
    public required (string Maker, string Approver) Company { get; init; }
    public required string Payee { get; init; }

    static async Task<(string Maker, string Approver, string Id)> OpenCompany(Scene scene, string? merchantId)
    {
        var made = (await scene.Nobody.Post("/sandbox/businesses", new { name = "天満印刷", merchantId }, Client.NoKey)).Created();
        return (made.Text("token"), made.Text("approverToken"), made.Text("businessId"));
    }

    static async Task<string> Named(Scene scene, string maker, string to) =>
        (await scene.As(maker).Post("/business/payees", new { to }, Client.NoKey)).Created().Text("payeeId");

    static async Task Trust(Scene scene, (string Maker, string Approver, string Id) company, string to) =>
        (await scene.As(company.Approver).Post($"/business/payees/{await Named(scene, company.Maker, to)}/confirmation", key: Client.NoKey)).Ok();

    Belonging OfCompany(string id) => new(id, new Dictionary<string, string> { ["merchant"] = Company.Approver });

    async Task<string> MakeOfCompany(string collection)
    {
        var own = _scene.As(Company.Maker);
        switch (collection)
        {
            case "/business/payees":
                return await Named(_scene, Company.Maker, (await OpenCompany(_scene, null)).Id);
            case "/business/transfers":
                return (await own.Post("/business/transfers", new { to = Payee, amount = 300_000, text = "4" })).Created().Text("transferId");
            case "/business/transfer-files":
                return (await own.Post("/business/transfer-files", new { }, Client.NoKey)).Created().Text("fileId");
            default:
                var asker = await OpenCompany(_scene, null);
                await Trust(_scene, (Company.Maker, Company.Approver, ""), asker.Id);
                var from = (await own.Get("/business")).Ok().Text("businessId");
                return (await _scene.As(asker.Maker).Post("/business/requests", new { from, amount = 5, text = "5", dueOn = "2035-04-30" }))
                    .Created().Text("requestId");
        }
    }
}
