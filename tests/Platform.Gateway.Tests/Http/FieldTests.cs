using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Platform.Abstractions;
using Platform.Abstractions.Records;
using Platform.Client.Contracts;
using Platform.Gateway.Tests.Fakes;

namespace Platform.Gateway.Tests.Http;

/// <summary>Declared fields, filters, counts, facets and deletes over HTTP.</summary>
public sealed class FieldTests : IAsyncLifetime
{
    private const string Declared = ""","fields":{"lang":"keyword","tags":"keywords","year":"number","at":"date","draft":"boolean","raw":"stored"}""";

    private GatewayHost? _host;

    private GatewayHost Host => _host ?? throw new InvalidOperationException("The server has not started.");

    public async Task InitializeAsync()
    {
        _host = await GatewayHost.StartAsync();
        await Host.Client.CreateIndexAsync("books", Declared);
        await Host.Client.CreateIndexAsync("loose");
    }

    public async Task DisposeAsync() => await Host.DisposeAsync();

    [Fact]
    public async Task An_index_tells_the_fields_that_it_declares()
    {
        IndexDescription? index = await Host.Client.GetFromJsonAsync("/v1/indexes/books", PlatformJson.Default.IndexDescription);
        Assert.Equal(["at date", "draft boolean", "lang keyword", "raw stored", "tags keywords", "year number"], index!.Fields!.Select(field => $"{field.Key} {field.Value}").Order(StringComparer.Ordinal));
        Assert.Null((await Host.Client.GetFromJsonAsync("/v1/indexes/loose", PlatformJson.Default.IndexDescription))!.Fields);
    }

    [Theory]
    [InlineData("""{"1st":"keyword"}""", "declares '1st'; a field's name is 1 to 64 of")]
    [InlineData("""{"a":"text"}""", "Member 'fields.a' is 'text'; it must be one of keyword, keywords, number, date, boolean, stored")]
    [InlineData("""{"a":null}""", "Member 'fields.a' is 'null'")]
    public async Task A_declaration_that_breaks_a_rule_is_refused(string fields, string detail)
    {
        HttpResponseMessage response = await Host.Client.PostAsync("/v1/indexes", ApiCalls.Json($$"""{"name":"other","fields":{{fields}}}"""));
        Assert.Contains(detail, (await response.ProblemAsync(HttpStatusCode.BadRequest, ErrorCodes.InvalidRequest)).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Values_of_declared_fields_go_to_the_cluster_and_nulls_and_empty_lists_do_not()
    {
        await Host.Client.BulkAsync(
            "books",
            """{"id":"a","fields":{"lang":"en","tags":["x","é"],"year":-2.5,"at":"2024-05-31T10:30:00+02:00","draft":true,"raw":{"any":[1]}}}""",
            """{"id":"b","fields":{"lang":null,"tags":[],"raw":1}}""",
            """{"id":"c","fields":{"tags":"one","at":"2024-05-31"}}""");
        var documents = Host.Grains.Indexes["acme/books"].Documents;
        Assert.Equal(
            ["lang=en", "tags=x,é", $"year={FieldScalars.OfNumber(-2.5)}", $"at={new DateTime(2024, 5, 31, 8, 30, 0).Ticks}", "draft=1"],
            documents["a"].Fields!.Select(Text));
        Assert.Null(documents["b"].Fields);
        Assert.Equal(["tags=one", $"at={new DateTime(2024, 5, 31).Ticks}"], documents["c"].Fields!.Select(Text));
    }

    [Theory]
    [InlineData("""{"lnag":"en"}""", ErrorCodes.InvalidRequest, "Member 'fields.lnag' is not declared; index 'books' declares at, draft, lang, raw, tags, year.")]
    [InlineData("""{"lang":7}""", ErrorCodes.InvalidRequest, "Member 'fields.lang' is 7; it must be a string.")]
    [InlineData("""{"lang":["en"]}""", ErrorCodes.InvalidRequest, "Member 'fields.lang' is [\"en\"]; it must be a string.")]
    [InlineData("""{"tags":["x",1]}""", ErrorCodes.InvalidRequest, "Member 'fields.tags[1]' is 1; it must be a string.")]
    [InlineData("""{"year":"2024"}""", ErrorCodes.InvalidRequest, "Member 'fields.year' is \"2024\"; it must be a finite number.")]
    [InlineData("""{"year":1e999}""", ErrorCodes.InvalidRequest, "it must be a finite number.")]
    [InlineData("""{"at":"31.5.2024"}""", ErrorCodes.InvalidRequest, "it must be a date as '2024-05-31'")]
    [InlineData("""{"at":"2024-05-31T08:30:00"}""", ErrorCodes.InvalidRequest, "with an offset or Z after a time")]
    [InlineData("""{"draft":"yes"}""", ErrorCodes.InvalidRequest, "Member 'fields.draft' is \"yes\"; it must be true or false.")]
    [InlineData("""{"lang":"\ud800"}""", ErrorCodes.InvalidJson, "")]
    public async Task A_value_of_another_type_fails_its_line_alone(string fields, string code, string detail)
    {
        BulkResult[] results = await Host.Client.BulkAsync("books", $$"""{"id":"bad","fields":{{fields}} }""", """{"id":"good"}""");
        Assert.Equal(code, results[0].Error!.Code);
        Assert.Contains(detail, results[0].Error!.Detail, StringComparison.Ordinal);
        Assert.Null(results[1].Error);
    }

    [Fact]
    public async Task Values_over_their_limits_are_refused_and_an_index_without_a_declaration_keeps_any()
    {
        string many = string.Join(',', Enumerable.Repeat("\"x\"", 257));
        BulkResult[] results = await Host.Client.BulkAsync(
            "books", $$$"""{"id":"a","fields":{"tags":[{{{many}}}]}}""", $$$"""{"id":"b","fields":{"lang":"{{{new string('é', 300)}}}"}}""");
        Assert.Contains("has 257 strings; at most 256 are allowed", results[0].Error!.Detail, StringComparison.Ordinal);
        Assert.Contains("is 600 bytes of UTF-8; at most 512 are allowed", results[1].Error!.Detail, StringComparison.Ordinal);
        Assert.All(results[..2], result => Assert.Equal(ErrorCodes.TooLarge, result.Error!.Code));

        await Host.Client.BulkAsync("loose", """{"id":"a","fields":{"whatever":[1,{"b":2}]}}""");
        Assert.Null(Host.Grains.Indexes["acme/loose"].Documents["a"].Fields);
    }

    [Fact]
    public async Task A_filter_of_the_client_arrives_as_the_cluster_s()
    {
        Filter filter = Filter.And(
            Filter.Or(Filter.Eq("lang", "en"), Filter.In("tags", "x", "y")),
            Filter.Not(Filter.Range("year", gt: 2000, lte: 2010)),
            Filter.Range("at", gte: new DateTimeOffset(2024, 5, 31, 0, 0, 0, TimeSpan.FromHours(2))),
            Filter.Eq("draft", false),
            Filter.Exists("tags"),
            Filter.Prefix("tags", "a/"));
        string json = JsonSerializer.Serialize(new CountRequest { Filter = filter }, PlatformJson.Default.CountRequest);
        HttpResponseMessage response = await Host.Client.PostAsync("/v1/indexes/books/documents/count", ApiCalls.Json(json));
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        long at = new DateTime(2024, 5, 30, 22, 0, 0).Ticks;
        Assert.Equal(
            $"And(Or(In lang [en], In tags [x,y]), Not(Range year [{FieldScalars.OfNumber(2000) + 1},{FieldScalars.OfNumber(2010)}]), Range at [{at},{long.MaxValue}], In draft [0], Exists tags, Prefix tags [a/])",
            Text(Host.Grains.LastFilter!));
    }

    [Theory]
    [InlineData("""{}""", "Member 'filter' has 0 members; a filter has exactly one of and, or, not, eq, in, range, exists and prefix")]
    [InlineData("""{"eq":{"lang":"en"},"exists":"lang"}""", "Member 'filter' has 2 members")]
    [InlineData("""{"and":[{"or":[]}]}""", "Member 'filter.and[0].or' is empty")]
    [InlineData("""{"eq":{"lang":"en","year":1}}""", "Member 'filter.eq' names 2 fields; it takes exactly one")]
    [InlineData("""{"not":{"eq":{"lnag":"en"}}}""", "Member 'filter.not.eq' names field 'lnag', which is not declared; index 'books' declares at, draft, lang, raw, tags, year.")]
    [InlineData("""{"exists":"raw"}""", "names field 'raw', which is of type stored")]
    [InlineData("""{"eq":{"year":"en"}}""", "Member 'filter.eq.year' is \"en\"; it must be a finite number.")]
    [InlineData("""{"in":{"lang":[]}}""", "Member 'filter.in.lang' has no value")]
    [InlineData("""{"range":{"lang":{"gt":1}}}""", "names field 'lang', which is of type keyword; a range takes a number or a date")]
    [InlineData("""{"range":{"year":{}}}""", "must have at least one bound")]
    [InlineData("""{"range":{"year":{"gt":1,"gte":2}}}""", "not both of gt and gte")]
    [InlineData("""{"prefix":{"year":"2"}}""", "a prefix takes a field of strings")]
    [InlineData("""{"and":[null]}""", "Member 'filter.and[0]' is null")]
    [InlineData("""{"not":{"not":{"not":{"not":{"not":{"not":{"not":{"not":{"exists":"lang"}}}}}}}}}""", "lies 9 levels deep; at most 8 are allowed")]
    public async Task A_filter_that_the_index_cannot_take_is_refused_with_its_place(string filter, string detail)
    {
        HttpResponseMessage response = await Host.Client.SearchAsync("books", $$"""{"text":"wing","filter":{{filter}}}""");
        Assert.Contains(detail, (await response.ProblemAsync(HttpStatusCode.BadRequest, ErrorCodes.InvalidRequest)).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Filters_of_too_many_values_or_without_a_declaration_are_refused()
    {
        string values = string.Join(',', Enumerable.Range(0, 1025));
        HttpResponseMessage many = await Host.Client.SearchAsync("books", $$$"""{"text":"wing","filter":{"in":{"year":[{{{values}}}]} } }""");
        Assert.Contains("more than 1024 values", (await many.ProblemAsync(HttpStatusCode.BadRequest, ErrorCodes.InvalidRequest)).Detail, StringComparison.Ordinal);
        HttpResponseMessage loose = await Host.Client.SearchAsync("loose", """{"text":"wing","filter":{"exists":"lang"}}""");
        Assert.Contains("index 'loose' declares no fields", (await loose.ProblemAsync(HttpStatusCode.BadRequest, ErrorCodes.InvalidRequest)).Detail, StringComparison.Ordinal);
        HttpResponseMessage nowhere = await Host.Client.SearchAsync("nowhere", """{"text":"wing","filter":{"exists":"lang"}}""");
        await nowhere.ProblemAsync(HttpStatusCode.NotFound, ErrorCodes.IndexNotFound);
        HttpResponseMessage unknown = await Host.Client.SearchAsync("books", """{"text":"wing","filter":{"equals":{"lang":"en"}}}""");
        Assert.Contains("Member 'equals' is not known", (await unknown.ProblemAsync(HttpStatusCode.BadRequest, ErrorCodes.InvalidJson)).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Facets_come_back_as_values_of_their_types()
    {
        HttpResponseMessage response = await Host.Client.SearchAsync(
            "books", """{"text":"wing","filter":{"exists":"lang"},"facets":[{"field":"lang","top":2},{"field":"year"},{"field":"at"}]}""");
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        Assert.StartsWith(
            """[{"field":"lang","values":[{"value":"en","count":2},{"value":"de","count":1}],"distinct":7},{"field":"year","values":[{"value":-2.5,"count":2},""",
            json.RootElement.GetProperty("facets").GetRawText(),
            StringComparison.Ordinal);
        Assert.Contains("""{"value":"2024-05-31T08:30:00Z","count":2}""", json.RootElement.GetProperty("facets").GetRawText(), StringComparison.Ordinal);
        Assert.Equal("Exists lang", Text(Host.Grains.LastSearch!.Filter!));
        Assert.Equal([new FacetWanted("lang", true, 2), new FacetWanted("year", false, 10), new FacetWanted("at", false, 10)], Host.Grains.LastSearch.Facets!);
    }

    [Fact]
    public async Task A_patch_sets_the_fields_that_it_names_and_keeps_the_others_and_the_text()
    {
        await Host.Client.BulkAsync("books", """{"id":"a/b","title":"t","text":"x","fields":{"lang":"en","year":1,"raw":[1]}}""");
        HttpResponseMessage patched = await PatchAsync("a%2Fb", """{"fields":{"lang":null,"year":2,"tags":["x"]}}""");
        Assert.Equal(HttpStatusCode.OK, patched.StatusCode);
        Assert.Equal("""{"id":"a/b","title":"t","text":"x","fields":{"raw":[1],"year":2,"tags":["x"]}}""", await patched.Content.ReadAsStringAsync());
        Assert.Equal([$"year={FieldScalars.OfNumber(2)}", "tags=x"], Host.Grains.Indexes["acme/books"].Documents["a/b"].Fields!.Select(Text));

        await (await PatchAsync("nobody", """{"fields":{"year":2}}""")).ProblemAsync(HttpStatusCode.NotFound, ErrorCodes.DocumentNotFound);
        await (await PatchAsync("a%2Fb", """{"fields":{"year":"2"}}""")).ProblemAsync(HttpStatusCode.BadRequest, ErrorCodes.InvalidRequest);
        await (await PatchAsync("a%2Fb", """{"text":"y"}""")).ProblemAsync(HttpStatusCode.BadRequest, ErrorCodes.InvalidJson);
        await (await PatchAsync("a%2Fb", "{}")).ProblemAsync(HttpStatusCode.BadRequest, ErrorCodes.InvalidRequest);
    }

    [Fact]
    public async Task A_patch_of_a_document_that_others_keep_changing_goes_on_until_it_is_told_to_stop()
    {
        await Host.Client.BulkAsync("books", """{"id":"a","fields":{"year":1}}""");
        int changes = 0;
        Host.Grains.BeforeCall = call =>
        {
            if (call == "patch" && ++changes is not 3)
            {
                IngestItem item = Host.Grains.Indexes["acme/books"].Documents["a"];
                Host.Grains.Indexes["acme/books"].Write(item with { Stored = JsonSerializer.SerializeToUtf8Bytes(new { title = $"{changes}" }) });
            }

            return Task.CompletedTask;
        };
        HttpResponseMessage third = await PatchAsync("a", """{"fields":{"year":2}}""");
        Assert.Equal("""{"id":"a","title":"2","fields":{"year":2}}""", await third.Content.ReadAsStringAsync());
        await (await PatchAsync("a", """{"fields":{"year":3}}""")).ProblemAsync(HttpStatusCode.Conflict, ErrorCodes.Conflict);
    }

    [Theory]
    [InlineData("""{"field":"tags"}""", "which is of type keywords; an order needs a field of one value")]
    [InlineData("""{"field":"lang","order":"up"}""", "Member 'sort.order' is 'up'; it must be asc or desc")]
    [InlineData("""{"order":"asc"}""", "Member 'sort.field' is missing")]
    public async Task An_order_that_an_index_cannot_give_is_refused(string sort, string detail)
    {
        HttpResponseMessage response = await Host.Client.SearchAsync("books", $$"""{"text":"wing","sort":{{sort}}}""");
        Assert.Contains(detail, (await response.ProblemAsync(HttpStatusCode.BadRequest, ErrorCodes.InvalidRequest)).Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(""" "group":{"field":"tags"}""", "which is of type keywords; a group needs a field of one value")]
    [InlineData(""" "group":{"field":"lang","size":11}""", "Member 'group.size' is 11; it must be 1 to 10")]
    [InlineData(""" "group":{"field":"lang"},"sort":{"field":"lang"}""", "exclude each other")]
    [InlineData(""" "group":{"field":"lang"},"top":101""", "they count groups, and together are at most 100")]
    public async Task Groups_that_an_index_cannot_give_are_refused(string members, string detail)
    {
        HttpResponseMessage response = await Host.Client.SearchAsync("books", $$"""{"text":"wing",{{members}}}""");
        Assert.Contains(detail, (await response.ProblemAsync(HttpStatusCode.BadRequest, ErrorCodes.InvalidRequest)).Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""[{"field":"lang","top":0}]""", "Member 'facets[0].top' is 0; it must be 1 to 1000.")]
    [InlineData("""[{"field":"raw"}]""", "which is of type stored")]
    [InlineData("""[{}]""", "Member 'facets[0].field' is missing")]
    public async Task Facets_that_cannot_be_counted_are_refused(string facets, string detail)
    {
        HttpResponseMessage response = await Host.Client.SearchAsync("books", $$"""{"text":"wing","facets":{{facets}}}""");
        Assert.Contains(detail, (await response.ProblemAsync(HttpStatusCode.BadRequest, ErrorCodes.InvalidRequest)).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Counts_and_deletes_take_a_filter_and_a_delete_needs_one()
    {
        await Host.Client.BulkAsync("books", """{"id":"a"}""");
        HttpResponseMessage counted = await Host.Client.PostAsync("/v1/indexes/books/documents/count", ApiCalls.Json("{}"));
        Assert.Equal(1, (await counted.Content.ReadFromJsonAsync(PlatformJson.Default.CountResponse))!.Count);
        HttpResponseMessage deleted = await Host.Client.PostAsync("/v1/indexes/books/documents/delete", ApiCalls.Json("""{"filter":{"eq":{"lang":"en"}}}"""));
        Assert.Equal(3, (await deleted.Content.ReadFromJsonAsync(PlatformJson.Default.DeleteResponse))!.Deleted);
        Assert.Equal("In lang [en]", Text(Host.Grains.LastFilter!));
        HttpResponseMessage without = await Host.Client.PostAsync("/v1/indexes/books/documents/delete", ApiCalls.Json("{}"));
        Assert.Contains("Member 'filter' is missing", (await without.ProblemAsync(HttpStatusCode.BadRequest, ErrorCodes.InvalidRequest)).Detail, StringComparison.Ordinal);
    }

    private Task<HttpResponseMessage> PatchAsync(string id, string body) =>
        Host.Client.PatchAsync(new Uri($"/v1/indexes/books/documents/{id}", UriKind.Relative), ApiCalls.Json(body));

    private static string Text(DocumentField field) => $"{field.Name}={(field.Words is { } words ? string.Join(',', words) : field.Scalar)}";

    private static string Text(FilterNode node) => node.Kind switch
    {
        FilterKind.And or FilterKind.Or or FilterKind.Not => $"{node.Kind}({string.Join(", ", node.Children.Select(Text))})",
        FilterKind.Exists => $"Exists {node.Field}",
        _ => $"{node.Kind} {node.Field} [{string.Join(',', node.IsWords ? node.Words : node.Scalars.Select(scalar => $"{scalar}"))}]",
    };
}
