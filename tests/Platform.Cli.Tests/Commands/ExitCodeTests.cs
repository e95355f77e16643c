using Platform.Cli.Commands;
using Platform.Cli.Tests.Fakes;

namespace Platform.Cli.Tests.Commands;

public sealed class ExitCodeTests
{
    [Theory]
    [InlineData("'indx' is no command here.", "indx")]
    [InlineData("'grow' is no command here.", "index", "grow", "articles")]
    [InlineData("Required argument 'TEXT' missing", "search", "articles")]
    [InlineData("it must be a whole number.", "index", "create", "articles", "--shards", "many")]
    [InlineData("it must be a number.", "index", "create", "articles", "--k1", "much")]
    [InlineData("Option '--collection' is required.", "eval")]
    [InlineData("--json-lines", "index", "list", "--json-lines")]
    public async Task What_can_not_be_understood_ends_with_2_and_names_the_word(string told, params string[] arguments)
    {
        var terminal = new TestTerminal();

        Assert.Equal(ExitCodes.Usage, await terminal.RunAsync(arguments));

        Assert.Contains(told, terminal.Error, StringComparison.Ordinal);
        Assert.Matches("Try 'platform.* --help'.\n$", terminal.Error);
        Assert.Empty(terminal.Output);
    }

    [Theory]
    [InlineData]
    [InlineData("index")]
    public async Task A_command_without_its_second_word_shows_its_page_and_ends_with_2(params string[] arguments)
    {
        var terminal = new TestTerminal();

        Assert.Equal(ExitCodes.Usage, await terminal.RunAsync(arguments));

        Assert.Contains("COMMANDS", terminal.Error, StringComparison.Ordinal);
        Assert.Empty(terminal.Output);
    }

    [Fact]
    public async Task A_missing_key_ends_with_2_and_says_where_to_get_one()
    {
        var terminal = new TestTerminal();

        Assert.Equal(ExitCodes.Usage, await terminal.RunAsync("index", "list"));

        Assert.Equal(
            "platform: No API key: give --key or set PLATFORM_API_KEY. 'platform serve' prints the first one when it starts on a new data folder.\n",
            terminal.Error);
    }

    [Fact]
    public async Task A_URL_that_is_none_ends_with_2()
    {
        var terminal = new TestTerminal();

        Assert.Equal(ExitCodes.Usage, await terminal.RunAsync("index", "list", "--key", "k", "--url", "somewhere"));

        Assert.Contains("'somewhere' is no URL", terminal.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_that_is_not_there_ends_with_1_in_one_line()
    {
        var terminal = new TestTerminal();

        Assert.Equal(ExitCodes.Failed, await terminal.RunAsync("index", "list", "--key", "k", "--url", "http://127.0.0.1:1"));

        Assert.StartsWith("platform: No connection to http://127.0.0.1:1: ", terminal.Error, StringComparison.Ordinal);
        Assert.Single(terminal.Error.TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public async Task Verbose_shows_the_stack_before_the_line()
    {
        var terminal = new TestTerminal();

        int exitCode = await terminal.RunAsync("index", "list", "--key", "k", "--url", "http://127.0.0.1:1", "--verbose");

        Assert.Equal(ExitCodes.Failed, exitCode);
        Assert.Contains("   at Platform.Client", terminal.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fault_of_the_service_is_told_with_its_trace_id()
    {
        await using StubGateway gateway = await StubGateway.AnsweringAsync(
            """{"type":"urn:platform:error:internal","status":500,"detail":"It broke.","code":"internal","traceId":"t-17"}""", 500);
        var terminal = new TestTerminal();

        Assert.Equal(ExitCodes.Failed, await terminal.RunAsync("index", "list", "--key", "k", "--url", gateway.Url));

        Assert.Equal("platform: It broke. (trace t-17)\n", terminal.Error);
    }

    [Fact]
    public async Task A_partial_answer_is_printed_and_ends_with_3()
    {
        await using StubGateway gateway = await StubGateway.AnsweringAsync(
            """
            {"hits":[{"id":"1","score":2.5,"document":{"title":"T"}}],"tookMilliseconds":1,
             "coverage":{"asked":4,"answered":3,"failed":[{"ordinal":2,"reason":"late"}]}}
            """);
        var terminal = new TestTerminal();

        Assert.Equal(ExitCodes.Partial, await terminal.RunAsync("search", "articles", "cats", "--key", "k", "--url", gateway.Url));

        Assert.Contains("2.5000", terminal.Output, StringComparison.Ordinal);
        Assert.Equal("platform: the answer is not whole: 3 of 4 shards answered. shard 2: late\n", terminal.Error);
    }

    [Fact]
    public async Task Ctrl_C_ends_with_130()
    {
        using var cancelled = new CancellationTokenSource();
        await using StubGateway gateway = await StubGateway.StartAsync(async context =>
        {
            await cancelled.CancelAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });
        var terminal = new TestTerminal();

        int exitCode = await terminal.RunAsync(cancelled.Token, "search", "articles", "cats", "--key", "k", "--url", gateway.Url);

        Assert.Equal(ExitCodes.Cancelled, exitCode);
        Assert.Equal("platform: cancelled.\n", terminal.Error);
    }

    [Fact]
    public async Task A_text_that_begins_with_an_at_sign_is_no_file_of_arguments()
    {
        string? body = null;
        await using StubGateway gateway = await StubGateway.StartAsync(async context =>
        {
            body = await new StreamReader(context.Request.Body).ReadToEndAsync(context.RequestAborted);
            context.Response.StatusCode = 404;
        });

        await new TestTerminal().RunAsync("search", "articles", "@home", "--key", "k", "--url", gateway.Url);

        Assert.Contains("\"text\":\"@home\"", body, StringComparison.Ordinal);
    }
}
