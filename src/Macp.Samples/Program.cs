return await Macp.Samples.SampleCommand.RunAsync(args, Console.Out, Console.Error).ConfigureAwait(false);
