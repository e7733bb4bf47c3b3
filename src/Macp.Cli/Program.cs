return await Macp.Cli.MacpCommand.RunAsync(args).ConfigureAwait(false);
