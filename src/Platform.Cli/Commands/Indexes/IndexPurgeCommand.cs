using System.CommandLine;
using Platform.Cli.Output;
using Platform.Client;
using Platform.Client.Contracts;
using Spectre.Console;

namespace Platform.Cli.Commands.Indexes;

/// <summary><c>platform index purge INDEX</c></summary>
internal sealed class IndexPurgeCommand : ClientCommand
{
    private readonly Argument<string> _name = NewIndexArgument();
    private readonly Option<string?> _filter = FilterText.NewOption("Which documents, for example {\"eq\": {\"lang\": \"en\"}}. Needed.");
    private readonly Option<bool> _yes = new("--yes") { Description = "Do not ask. Needed where nobody can answer." };

    public IndexPurgeCommand(Terminal terminal)
        : base(terminal, "purge", "delete the documents that match a filter")
    {
        Details =
        [
            "There is no way back. On a terminal the command counts the documents and asks first; in a script it needs --yes.",
            "A document is deleted only if it matches at that moment. What was deleted before a fault stays deleted; run the command again for the rest.",
        ];
        Examples =
        [
            new("platform index purge articles --filter '{\"eq\": {\"source\": \"old-crawl\"}}'", "Delete one source's documents after a question"),
            new("platform index purge articles --filter '{\"range\": {\"at\": {\"lt\": \"2020-01-01\"}}}' --yes", "Delete what is older than 2020 in a script"),
        ];
        Add(_name);
        Add(_filter);
        Add(_yes);
        Complete();
    }

    protected override async Task<int> AskAsync(PlatformClient client, ParseResult arguments, CancellationToken cancellationToken)
    {
        string name = arguments.GetRequiredValue(_name);
        Filter filter = FilterText.Parse(arguments.GetValue(_filter))
            ?? throw CommandFaultException.Usage($"--filter is missing: say which documents. 'platform index delete {name}' deletes the index with all of them.");
        if (!arguments.GetValue(_yes) && !await IsMeantAsync(client, name, filter, cancellationToken))
        {
            Terminal.Say("Nothing was deleted.");
            return ExitCodes.Failed;
        }

        long deleted = await client.DeleteMatchingAsync(name, filter, cancellationToken);
        if (arguments.GetValue(Json))
        {
            JsonOutput.Write(Terminal, new DeleteResponse { Deleted = deleted }, JsonOutput.Readable.DeleteResponse);
        }
        else
        {
            Terminal.Print($"Deleted {Figures.Count(deleted, "document")} of '{name}'.");
        }

        return ExitCodes.Ok;
    }

    private async Task<bool> IsMeantAsync(PlatformClient client, string name, Filter filter, CancellationToken cancellationToken)
    {
        if (!Terminal.CanAsk)
        {
            throw CommandFaultException.Usage($"Nobody can be asked whether to delete documents of '{name}'; give --yes.");
        }

        CountResponse matching = await client.CountAsync(name, filter, cancellationToken);
        return await Terminal.ErrorConsole.PromptAsync(
            new ConfirmationPrompt($"Delete {Figures.Count(matching.Count, "document")} of '{Markup.Escape(name)}'?") { DefaultValue = false }, cancellationToken);
    }
}
